import { TemplateProblem } from './template.ts'

/** What stands on what: each name with the names it needs, in the order in which they were written down. */
export type Needs = ReadonlyMap<string, ReadonlySet<string>>

/**
 * Sorts names into waves: each wave needs only earlier ones, and within a wave the written order holds. Needs outside
 * the map are taken as met. Throws CloudFormation's `Circular dependency between resources: [A, B]` for those on a cycle.
 */
export function waves(needs: Needs): readonly (readonly string[])[] {
  const found: string[][] = []
  const open = new Set(needs.keys())
  while (open.size > 0) {
    const ready = [...open].filter(name => [...needs.get(name)!].every(need => !open.has(need)))
    if (ready.length === 0) {
      throw new TemplateProblem(`Circular dependency between resources: [${onCycle(needs, open).join(', ')}]`)
    }
    for (const name of ready) open.delete(name)
    found.push(ready)
  }
  return found
}

/** The waves in which to take things down: nothing goes before what needs it. */
export function wavesDown(needs: Needs): readonly (readonly string[])[] {
  return waves(needs)
    .map(wave => wave.toReversed())
    .reverse()
}

/** Of the names that could not be ordered, those on a cycle, and not those that merely wait for one. */
export function onCycle(needs: Needs, among: Iterable<string>): readonly string[] {
  return [...among].filter(name => reaches(needs, name, name))
}

function reaches(needs: Needs, from: string, to: string): boolean {
  const seen = new Set<string>()
  const next = [...(needs.get(from) ?? [])]
  for (let name = next.pop(); name !== undefined; name = next.pop()) {
    if (name === to) return true
    if (seen.has(name)) continue
    seen.add(name)
    next.push(...(needs.get(name) ?? []))
  }
  return false
}
