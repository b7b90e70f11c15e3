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
  const means = beyond ?? (first && `Not tried, because "${first}" comes first.`)
  return means ? { id, says, verdict: 'skipped', means, ms: 0 } : undefined
}
