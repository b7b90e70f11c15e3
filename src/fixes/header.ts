import type { Lab } from '#kit'

/** A fix must be refused, or it must pass. */
export type Kind = 'wrong' | 'right'

/** What the diff of a fix is a difference from. */
export type Base = 'solution' | 'starter'

/** What stands above the diff of a fix. */
export interface Header {
  /** The first thing found broken: the id of a criterion, or the step at which the stack itself fails. Undefined for a right fix. */
  readonly refusedAt: string | undefined
  /** Where else it may be found broken first, when that is for the number of instances to decide: `refused at: one or another`. */
  readonly orAt: readonly string[]
  /** Why it is wrong, or why it is right. */
  readonly because: string
  readonly over: Base
  /** What the local cloud does not support yet. Until it does, the check of this right fix must come to no verdict. */
  readonly lacks: string | undefined
  /** What not every machine has. Where it is missing, the proof skips the fix. */
  readonly needs: 'cache-server' | undefined
}

/** A header that is malformed. The message says what is wrong with which field. */
export class BadHeader extends Error {}

/** Steps before the first criterion at which a stack can fail. */
export const STEPS = ['compiles', 'synthesizes', 'deploys']

const fields = ['refused at', 'because', 'over', 'lacks', 'needs'] as const
type Field = (typeof fields)[number]

/**
 * Reads a header: `name: text`, one field after the other. A line that begins with a blank goes on with the field above.
 *
 * @throws BadHeader
 */
export function parseHeader(text: string, kind: Kind, lab: Lab): Header {
  const found = fieldsIn(text)
  const [refusedAt, ...orAt] = placesIn(found.get('refused at'), kind, lab)
  return {
    refusedAt,
    orAt,
    because: required(found, 'because', kind === 'wrong' ? 'Say why it is wrong' : 'Say why it is right'),
    over: oneOf('over', required(found, 'over', 'Give solution or starter'), ['solution', 'starter']),
    lacks: lacks(found.get('lacks'), kind),
    needs: found.has('needs') ? oneOf('needs', found.get('needs'), ['cache-server']) : undefined,
  }
}

/** A header for somebody to fill in. */
export const emptyHeader = (kind: Kind): string =>
  `${kind === 'wrong' ? 'refused at: \n' : ''}because: \nover: solution`

/** The same header with another base. */
export const overBase = (header: string, base: Base): string => header.replace(/^over:.*$/m, `over: ${base}`)

function fieldsIn(text: string): ReadonlyMap<Field, string> {
  const found = new Map<Field, string>()
  let current: Field | undefined
  for (const line of text.split(/\r?\n/)) {
    const [, name, value = ''] = /^(\S[^:]*):(.*)$/.exec(line) ?? []
    if (/^\s/.test(line) && current) {
      found.set(current, `${found.get(current)} ${line.trim()}`.trim())
    } else if (name === undefined) {
      throw new BadHeader(
        `"${line}" is no header line. A header line is "name: text"; a blank line ends the header.`,
      )
    } else if (!isField(name)) {
      throw new BadHeader(`There is no field "${name}". There are: ${fields.join(', ')}.`)
    } else if (found.has(name)) {
      throw new BadHeader(`The field "${name}" is there twice.`)
    } else {
      current = name
      found.set(name, value.trim())
    }
  }
  return found
}

const isField = (name: string): name is Field => fields.some(field => field === name)

function required(found: ReadonlyMap<Field, string>, field: Field, what: string): string {
  const value = found.get(field)
  if (!value)
    throw new BadHeader(`${value === '' ? `"${field}" is empty` : `"${field}" is missing`}. ${what}.`)
  return value
}

function placesIn(value: string | undefined, kind: Kind, lab: Lab): readonly string[] {
  if (kind === 'right') {
    if (value === undefined) return []
    throw new BadHeader('A right fix is refused nowhere: it has no field "refused at".')
  }
  const places = [...STEPS, ...lab.criteria.map(one => one.id)]
  const given = value?.split(' or ').map(one => one.trim()) ?? []
  const unknown = given.find(one => !places.includes(one))
  if (value && unknown === undefined) return given
  const what = value
    ? `${lab.id} has no criterion "${unknown}"`
    : `"refused at" is ${value === '' ? 'empty' : 'missing'}`
  throw new BadHeader(`${what}. There are: ${places.join(', ')}.`)
}

function lacks(value: string | undefined, kind: Kind): string | undefined {
  if (value === undefined) return undefined
  if (kind === 'wrong') throw new BadHeader('"lacks" is for right fixes that the local cloud cannot run yet.')
  if (!value) throw new BadHeader('"lacks" is empty. Name what the local cloud does not support yet.')
  return value
}

function oneOf<const Value extends string>(
  field: Field,
  value: string | undefined,
  values: readonly Value[],
): Value {
  const found = values.find(one => one === value)
  if (!found) throw new BadHeader(`"${field}" is "${value}". It can be: ${values.join(', ')}.`)
  return found
}
