import type { Lab } from '#kit'
import type { Fix } from './fixes.ts'

const WRONG = 5

/**
 * The six fixes of a lab that `npm test` proves: five wrong ones and a right one. `npm run prove` proves all.
 *
 * The five are refused at five criteria, spread evenly from the lab's first to its last; of several that one criterion
 * refuses it is the first by name. Each is tried on that promise and those it comes after, which is quick. The right one is tried on all
 * promises; it is the one in the middle by name. Fixes that not every machine or not yet the local cloud can run are
 * left out.
 */
export function sampleOf(lab: Lab, fixes: readonly Fix[]): readonly Fix[] {
  const runnable = fixes.filter(fix => !fix.needs && !fix.lacks)
  const wrong = lab.criteria
    .map(({ id }) => runnable.find(fix => fix.kind === 'wrong' && fix.refusedAt === id))
    .filter(fix => fix !== undefined)
  const right = runnable.filter(fix => fix.kind === 'right')
  return [...spread(wrong, WRONG), ...right.slice(right.length / 2, right.length / 2 + 1)]
}

/** So many of a list, evenly, the first and the last among them; all of a list that is no longer. */
function spread<Item>(items: readonly Item[], count: number): readonly Item[] {
  if (items.length <= count) return items
  return Array.from(
    { length: count },
    (_, index) => items[Math.round((index * (items.length - 1)) / (count - 1))]!,
  )
}
