import type { Row } from './row.ts'

/** What a line of evidence says, and the rows that may be meant. */
interface Reading {
  readonly pattern: RegExp
  fits(row: Row, found: readonly string[]): boolean
}

/** Long texts are cut in the middle: `Quotes … (226 characters) … end`. */
const CUT = / … \(\d[\d,.]* characters\) … /

/** The lines that a probe writes. The first reading whose pattern matches decides. */
const readings: readonly Reading[] = [
  {
    pattern: /not authorized to perform: (\S+)/,
    fits: ({ event }, [action]) => event.kind === 'decision' && !event.allowed && event.action === action,
  },
  {
    pattern: /^(.+?) logged: (.+)/s,
    fits: ({ event, from }, [name, text = '']) =>
      event.kind === 'log' && from.title === name && saysThat(event.message, text),
  },
  {
    pattern: /^(.+?) connected \((\d+)\)/,
    fits: ({ event, from }, [name]) =>
      event.kind === 'handshake' && event.status === 101 && from.title === name,
  },
  {
    pattern: /^.+? was refused \((\d+)\)/,
    fits: ({ event }, [status]) => event.kind === 'handshake' && String(event.status) === status,
  },
  {
    pattern: /^(.+?) closed (\d+)/,
    fits: ({ event, from, to }, [name, code]) =>
      event.kind === 'close' && String(event.code) === code && [from.title, to?.title].includes(name),
  },
  {
    pattern: /^(.+?) > (.*)/s,
    fits: ({ event, from }, [name, text = '']) =>
      event.kind === 'frame' && event.direction === 'in' && from.title === name && begins(event.text, text),
  },
  {
    pattern: /^(.+?) < (.*)/s,
    fits: ({ event, to }, [name, text = '']) =>
      event.kind === 'frame' && event.direction === 'out' && to?.title === name && begins(event.text, text),
  },
]

/**
 * The row that each line of a finding's evidence tells of, undefined where there is none. `rows` are those of the time in which the promise
 * was tried. Lines are in the order of what happened, so that the same text said twice leads to two rows.
 */
export function rowsOfEvidence(lines: readonly string[], rows: readonly Row[]): (Row | undefined)[] {
  let next = 0
  return lines.map(line => {
    const reading = readings.find(one => one.pattern.test(line))
    if (!reading) return undefined
    const found = reading.pattern.exec(line)!.slice(1)
    const fits = (row: Row) => reading.fits(row, found)
    const at = rows.findIndex((row, place) => place >= next && fits(row))
    if (at < 0) return rows.find(fits)
    next = at + 1
    return rows[at]
  })
}

const begins = (whole: string, shown: string): boolean => whole.startsWith(shown.split(CUT)[0] ?? shown)

/** An error is logged as JSON, and told as `name: message`. */
function saysThat(logged: string, told: string): boolean {
  const [start = ''] = told.split(CUT)
  return [start, start.replace(/^[\w.]+: /, '')].some(
    text => text !== '' && logged.includes(text.slice(0, 60)),
  )
}
