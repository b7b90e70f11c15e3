import type { Doomed, ResourceRecord, StackRecord } from './history.ts'
import { wavesDown } from './order.ts'
import { type Failure, failureOf, mayDo, type Works } from './resources.ts'

/**
 * Takes resources down, what needs others first. One that fails spares what it needs, and the rest still goes.
 * `gone` is told of each that is no longer the stack's. Returns what failed, in the order in which it did.
 */
export async function takeDown(
  doomed: readonly Doomed[],
  stack: StackRecord,
  works: Works,
  gone: (record: ResourceRecord) => void = () => {},
): Promise<readonly Failure[]> {
  const byName = new Map(doomed.map(one => [one.record.logicalId, one]))
  const needs = new Map(doomed.map(({ record }) => [record.logicalId, record.needs]))
  const failures: Failure[] = []
  const spared = new Set<string>()

  for (const wave of wavesDown(needs)) {
    const now = wave.map(name => byName.get(name)!).filter(({ record }) => !spared.has(record.logicalId))
    const outcomes = await Promise.allSettled(now.map(one => start(one)))
    for (const [index, { record, policy }] of now.entries()) finish(record, policy, outcomes[index]!)
    // What something that is still there stands on, and what that stands on, stays.
    for (const name of wave) if (spared.has(name)) for (const need of needs.get(name)!) spared.add(need)
  }
  return failures

  async function start({ record, policy }: Doomed) {
    if (policy === 'Retain') return
    works.note(stack, record, 'DELETE_IN_PROGRESS')
    const type = works.types.get(record.type)!
    mayDo({ type, verb: 'delete', properties: record.properties, existing: record }, stack, works)
    await type.delete?.(record)
  }

  function finish(record: ResourceRecord, policy: string | undefined, outcome: PromiseSettledResult<void>) {
    if (outcome.status === 'rejected') {
      const failure = failureOf(record, outcome.reason)
      failures.push(failure)
      spared.add(record.logicalId)
      works.note(stack, record, 'DELETE_FAILED', failure.reason)
      return
    }
    works.note(stack, record, policy === 'Retain' ? 'DELETE_SKIPPED' : 'DELETE_COMPLETE')
    gone(record)
  }
}
