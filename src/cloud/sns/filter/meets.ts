import type { Found, Properties } from './properties.ts'
import type { Rule } from './rules.ts'

type Elements = ReadonlyMap<object, number>

/**
 * Whether a message meets one rule: every path has a value that meets one of its expressions, and where these values
 * lie in one array, they lie in the same element of it.
 */
export function meets(rule: Rule, properties: Properties): boolean {
  const candidates: (readonly Elements[])[] = []
  for (const [path, { expressions }] of rule) {
    const found = properties.get(path) ?? []
    if (found.length === 0 && expressions.some(({ pattern }) => pattern === 'absent')) continue
    const places = distinct(
      found.filter(({ value }) => expressions.some(({ pattern }) => pattern !== 'absent' && pattern(value))),
    )
    if (places.length === 0) return false
    candidates.push(places)
  }
  return agree(candidates, new Map())
}

/** Whether one place can be taken from each list so that no two name different elements of the same array. */
function agree([first, ...rest]: readonly (readonly Elements[])[], taken: Elements): boolean {
  if (!first) return true
  return first.some(place => {
    for (const [array, index] of place) if ((taken.get(array) ?? index) !== index) return false
    return agree(rest, place.size > 0 ? new Map([...taken, ...place]) : taken)
  })
}

/** A value that lies in no array can be taken whatever else is: then nothing else needs to be tried. */
function distinct(found: readonly Found[]): readonly Elements[] {
  const free = found.find(({ elements }) => elements.size === 0)
  return free ? [free.elements] : found.map(({ elements }) => elements)
}
