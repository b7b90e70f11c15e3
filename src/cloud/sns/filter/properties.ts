import { quoted, type Value } from './pattern.ts'

/** One value of a message, and which elements of the arrays around it it is in: array → index. */
export interface Found {
  readonly value: Value
  readonly elements: ReadonlyMap<object, number>
}

/** Everything that a message says, by path: `detail.source`. */
export type Properties = ReadonlyMap<string, readonly Found[]>

const nowhere: ReadonlyMap<object, number> = new Map()

/**
 * The properties of a JSON body, as far as a policy asks for them; undefined for a body that is no JSON object, which
 * no policy lets through. A dot in a name is as good as a level: `{"a.b": 1}` and `{"a": {"b": 1}}` are one to SNS.
 */
export function propertiesOfBody(message: string, paths: ReadonlySet<string>): Properties | undefined {
  const body = objectIn(message)
  if (!body) return undefined
  const found = new Map<string, Found[]>()
  collect(body, '', nowhere)
  return found

  function collect(value: unknown, path: string, elements: ReadonlyMap<object, number>): void {
    if (Array.isArray(value)) {
      for (const [index, one] of value.entries()) collect(one, path, new Map(elements).set(value, index))
    } else if (typeof value === 'object' && value !== null) {
      for (const [name, member] of Object.entries(value)) {
        const below = path === '' ? name : `${path}.${name}`
        if (isAskedFor(below)) collect(member, below, elements)
      }
    } else {
      const list = found.get(path) ?? []
      found.set(path, list)
      list.push({ value: typeof value === 'string' ? quoted(value) : String(value), elements })
    }
  }

  function isAskedFor(path: string): boolean {
    for (const one of paths) if (one === path || one.startsWith(`${path}.`)) return true
    return false
  }
}

/** The properties that a message's attributes are. Binary ones are none: SNS does not compare them. */
export function propertiesOfAttributes(
  attributes: ReadonlyMap<string, { readonly type: string; readonly value: string }>,
): Properties {
  return new Map(
    [...attributes]
      .filter(([, { type }]) => !/^Binary(\.|$)/.test(type))
      .map(([name, attribute]) => [name, valuesOf(attribute).map(value => ({ value, elements: nowhere }))]),
  )
}

function valuesOf({ type, value }: { type: string; value: string }): readonly Value[] {
  if (/^Number(\.|$)/.test(type)) return [value]
  if (type !== 'String.Array') return [quoted(value)]
  const list = parsed(value)
  return Array.isArray(list) ? list.map(one => (typeof one === 'string' ? quoted(one) : String(one))) : []
}

function objectIn(message: string): object | undefined {
  const body = parsed(message)
  return typeof body === 'object' && body !== null && !Array.isArray(body) ? body : undefined
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch (error) {
    // A body that is no JSON meets no policy, and an attribute that is no list has no elements.
    if (!(error instanceof SyntaxError)) throw error
    return undefined
  }
}
