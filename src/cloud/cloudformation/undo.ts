import type { Doomed, ResourceRecord, StackRecord, Step } from './history.ts'
import { type Failure, failureOf, mayDo, requestFor, type Works } from './resources.ts'
import { wayOf } from './way.ts'

/**
 * Takes back the steps of an update, last first: what was changed gets its old properties, what was replaced its old
 * self. Returns what failed, and what was made on the way and must still be taken down.
 */
export async function undo(
  steps: readonly Step[],
  stack: StackRecord,
  works: Works,
): Promise<{ readonly failures: readonly Failure[]; readonly doomed: readonly Doomed[] }> {
  const failures: Failure[] = []
  const doomed: Doomed[] = []
  for (const step of steps.toReversed()) {
    const now = stack.resources.get(step.logicalId)!
    if (step.kind !== 'updated') doomed.push({ record: now, policy: now.deletionPolicy })
    if (step.kind === 'created') continue
    try {
      works.note(stack, now, 'UPDATE_IN_PROGRESS')
      const record = step.kind === 'replaced' ? step.before : await putBack(step.before, now)
      stack.resources.set(step.logicalId, record)
      works.note(stack, record, 'UPDATE_COMPLETE')
    } catch (cause) {
      const failure = failureOf(now, cause)
      failures.push(failure)
      works.note(stack, now, 'UPDATE_FAILED', failure.reason)
    }
  }
  // In the order in which they were made, as takeDown expects.
  return { failures, doomed: doomed.reverse() }

  async function putBack(before: ResourceRecord, now: ResourceRecord): Promise<ResourceRecord> {
    const type = works.types.get(before.type)!
    if (wayOf(type, now.properties, before.properties) !== 'update') return before
    mayDo({ type, verb: 'update', properties: before.properties, existing: now }, stack, works)
    const { physicalId, attributes } = await type.update!(requestFor(stack, before, works), now)
    return { ...before, physicalId, attributes }
  }
}
