import cron from 'aws-cron-parser'
import { invalid } from './errors.ts'

/** When a rule runs next, after a time; both in milliseconds since the epoch. Undefined: never again. */
export type Schedule = (after: number) => number | undefined

const UNITS: Readonly<Record<string, number>> = { minute: 60_000, hour: 3_600_000, day: 86_400_000 }

/** Reads `rate(5 minutes)` or `cron(0 10 * * ? *)`, in UTC. Throws `ValidationException`. */
export function readSchedule(expression: string): Schedule {
  const [, kind, inside = ''] = /^(rate|cron)\((.*)\)$/.exec(expression) ?? []
  if (kind === 'rate') return rate(inside)
  if (kind === 'cron') return byCron(inside)
  throw notValid()
}

/** One unit is written in the singular, more in the plural. */
function rate(text: string): Schedule {
  const [, number, unit = '', plural] = /^(\d+) (minute|hour|day)(s?)$/.exec(text) ?? []
  const count = Number(number)
  if (!(count > 0) || count > 1 !== (plural === 's')) throw notValid()
  return after => after + count * UNITS[unit]!
}

function byCron(text: string): Schedule {
  const fields = text.trim().split(/\s+/)
  const [, , dayOfMonth, , dayOfWeek] = fields
  // Either day must be left open, and only one can be.
  const open = [dayOfMonth, dayOfWeek].filter(day => day === '?')
  if (fields.length !== 6 || open.length !== 1 || !FIELDS.every((field, at) => field.test(fields[at]!))) {
    throw notValid()
  }
  const parsed = understood(() => cron.parse(fields.join(' ')))
  if (!parsed) throw notValid()
  return after => understood(() => cron.next(parsed, new Date(after)))?.getTime()
}

const MONTH = '(?:JAN|FEB|MAR|APR|MAY|JUN|JUL|AUG|SEP|OCT|NOV|DEC|\\d{1,2})'
const DAY = '(?:SUN|MON|TUE|WED|THU|FRI|SAT|[1-7])'

/** One thing or several, single, as a range, or with steps. `also` may stand there instead. */
function field(one: string, also = '\\?'): RegExp {
  const part = `(?:\\*|${one}(?:-${one})?)(?:/\\d+)?`
  return new RegExp(`^(?:${also}|${part}(?:,${part})*)$`, 'i')
}

/** What may stand in each place; the library takes it apart, and takes other texts for something. */
const FIELDS = [
  field('\\d{1,2}'),
  field('\\d{1,2}'),
  field('\\d{1,2}', '\\?|L|LW|\\d{1,2}W'),
  field(MONTH),
  field(DAY, `\\?|L|${DAY}L|${DAY}#[1-5]`),
  field('\\d{4}'),
]

/** The library throws what it finds for numbers out of their range, and gives up on days that no month has. */
function understood<T>(read: () => T | null): T | undefined {
  try {
    return read() ?? undefined
  } catch {
    return undefined
  }
}

const notValid = () => invalid('Parameter ScheduleExpression is not valid.')
