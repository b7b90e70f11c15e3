import { isObject, TemplateProblem } from './template.ts'

/** Answers `{{resolve:ssm:/name:1}}`, given what stands between the braces; undefined when it cannot. */
export type DynamicLookup = (reference: string) => string | undefined | Promise<string | undefined>

const REFERENCE = /\{\{(resolve:[^}]+)\}\}/g

/** The dynamic references in a value: `resolve:ssm:/name:1`. */
export function dynamicReferences(value: unknown): readonly string[] {
  if (typeof value === 'string') return [...value.matchAll(REFERENCE)].map(([, reference]) => reference!)
  if (Array.isArray(value)) return value.flatMap(dynamicReferences)
  return isObject(value) ? Object.values(value).flatMap(dynamicReferences) : []
}

/** Puts in what dynamic references stand for. Throws `TemplateProblem` for one that nobody can answer. */
export async function resolveDynamic(value: unknown, path: string, lookup?: DynamicLookup): Promise<unknown> {
  const found = new Map<string, string>()
  for (const reference of dynamicReferences(value)) {
    const answer = await lookup?.(reference)
    if (answer === undefined) {
      throw new TemplateProblem(`The dynamic reference {{${reference}}} cannot be resolved here`, path)
    }
    found.set(reference, answer)
  }
  return found.size === 0 ? value : replace(value, found)
}

function replace(value: unknown, found: ReadonlyMap<string, string>): unknown {
  if (typeof value === 'string') return value.replace(REFERENCE, (_, reference) => found.get(reference)!)
  if (Array.isArray(value)) return value.map(one => replace(one, found))
  if (!isObject(value)) return value
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, replace(one, found)]))
}
