import type { Criterion, Finding, Target } from '#kit'
import type { KeptBrowser } from './kept-browser.ts'
import { missing } from './needs.ts'

/** Criteria that cannot be tried on this target or this machine, and why: nobody has broken them. */
export type OutOfReach = Map<string, string>

/** A criterion that depends on a broken one, or needs what this target or this machine cannot do, is skipped with the reason. */
export async function notJudged(
  { id, says, after, needs = [] }: Criterion,
  findings: readonly Finding[],
  outOfReach: OutOfReach,
  target: Target,
  browser: KeptBrowser,
): Promise<Finding | undefined> {
  const first = after?.find(it => findings.some(one => one.id === it && one.verdict !== 'pass'))
  const beyond = first === undefined ? await missing(needs, target, browser) : outOfReach.get(first)
  if (beyond) outOfReach.set(id, beyond)
  if (beyond) return { id, says, verdict: 'skipped', means: beyond, ms: 0 }
  return first === undefined ? undefined : comesAfter({ id, says }, first)
}

/** A promise that is not tried, because another is broken. */
export const comesAfter = ({ id, says }: Pick<Criterion, 'id' | 'says'>, first: string): Finding => ({
  id,
  says,
  verdict: 'skipped',
  means: `Not tried, because "${first}" comes first.`,
  after: first,
  ms: 0,
})
