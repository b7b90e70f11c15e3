import type { Criterion, Finding, Target } from '#kit'

/**
 * Begins to judge what need not wait for its turn. Where IAM is slow to hear of policies, nothing is begun early: roles would seem to
 * be allowed less than they are.
 */
export function judgedEarly(
  criteria: readonly Criterion[],
  target: Pick<Target, 'settling'>,
  judge: (criterion: Criterion) => Promise<Finding>,
): ReadonlyMap<string, Promise<Finding>> {
  if (target.settling) return new Map()
  return new Map(criteria.filter(({ early }) => early).map(criterion => [criterion.id, judge(criterion)]))
}
