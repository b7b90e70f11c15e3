import { apply } from './apply.ts'
import { outputAttributesExist } from './attributes.ts'
import type { Goal } from './goal.ts'
import {
  type Doomed,
  noteStack,
  type Output,
  type ResourceRecord,
  type StackRecord,
  type Unfinished,
} from './history.ts'
import { exportsAreFree, outputsOf } from './outputs.ts'
import type { Plan } from './plan.ts'
import { type Failure, reasonOf, type Works } from './resources.ts'
import { takeDown } from './takedown.ts'
import { undo } from './undo.ts'

/** Makes a new stack's resources. On failure everything is taken down again, unless the goal has it otherwise, and the first failure is returned. */
export async function create(stack: StackRecord, goal: Goal, works: Works): Promise<Failure | undefined> {
  noteStack(works.note, stack, 'CREATE_IN_PROGRESS', 'User Initiated')
  stack.imports = goal.imports
  const { failures, failure } = await carryOut(stack, goal, works)
  if (!failure) {
    noteStack(works.note, stack, 'CREATE_COMPLETE')
    return
  }
  const reason = because(failures, failure)
  if (goal.onFailure === 'DO_NOTHING') {
    noteStack(works.note, stack, 'CREATE_FAILED', reason)
    return failure
  }
  const [verb, noun] = goal.onFailure === 'DELETE' ? ['DELETE', 'Delete'] : ['ROLLBACK', 'Rollback']
  noteStack(works.note, stack, `${verb}_IN_PROGRESS`, `${reason} ${noun} requested by user.`)
  // Retain keeps what this very operation made, RetainExceptOnCreate does not (CloudFormation's guide, DeletionPolicy).
  const stuck = await takeDownAll(stack, works)
  stack.imports = new Set()
  stack.outputs = []
  if (stuck.length > 0) noteStack(works.note, stack, `${verb}_FAILED`, notDeleted(stuck))
  else noteStack(works.note, stack, `${verb}_COMPLETE`)
  return failure
}

/** Brings a stack to a new template. On failure it is brought back to the old one, and the first failure is returned. */
export async function update(stack: StackRecord, goal: Goal, works: Works): Promise<Failure | undefined> {
  noteStack(works.note, stack, 'UPDATE_IN_PROGRESS', 'User Initiated')
  const { steps, failures, failure } = await carryOut(stack, goal, works)
  if (!failure) {
    stack.updatedAt = works.clock.now()
    noteStack(works.note, stack, 'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS')
    const replaced = steps.flatMap(step =>
      step.kind === 'replaced' ? [{ record: step.before, policy: step.before.updateReplacePolicy }] : [],
    )
    await takeDown([...replaced, ...unwanted(stack, goal.plan)], stack, works, forget(stack))
    noteStack(works.note, stack, 'UPDATE_COMPLETE')
    return
  }
  noteStack(works.note, stack, 'UPDATE_ROLLBACK_IN_PROGRESS', because(failures, failure))
  await rollBack(stack, { steps, doomed: [] }, works)
  return failure
}

/**
 * Goes on with a rollback that stopped on the way. `skipped` resources are taken as they are. Answers with what failed
 * again: then it can be tried once more.
 */
export async function continueRollback(
  stack: StackRecord,
  skipped: readonly string[],
  works: Works,
): Promise<Failure | undefined> {
  const { steps, doomed } = stack.unfinished!
  noteStack(works.note, stack, 'UPDATE_ROLLBACK_IN_PROGRESS', 'User Initiated')
  for (const { logicalId } of steps.filter(one => skipped.includes(one.logicalId))) {
    works.note(stack, stack.resources.get(logicalId)!, 'UPDATE_COMPLETE')
  }
  const left = steps.filter(one => !skipped.includes(one.logicalId))
  return rollBack(stack, { steps: left, doomed }, works)
}

/** Takes steps back, and what they made. What cannot be taken back is kept for another try. */
async function rollBack(
  stack: StackRecord,
  { steps, doomed }: Unfinished,
  works: Works,
): Promise<Failure | undefined> {
  const undone = await undo(steps, stack, works)
  const all = [...doomed, ...undone.doomed]
  if (undone.failures.length > 0) {
    const names = undone.failures.map(({ logicalId }) => String(logicalId))
    stack.unfinished = { steps: steps.filter(({ logicalId }) => names.includes(logicalId)), doomed: all }
    noteStack(
      works.note,
      stack,
      'UPDATE_ROLLBACK_FAILED',
      `The following resource(s) failed to update: [${names.join(', ')}].`,
    )
    return undone.failures[0]
  }
  stack.unfinished = undefined
  noteStack(works.note, stack, 'UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS')
  await takeDown(all, stack, works, forget(stack))
  noteStack(works.note, stack, 'UPDATE_ROLLBACK_COMPLETE')
  return
}

/** Takes a stack down. Answers with the first failure, after which it is DELETE_FAILED and may be tried again. */
export async function remove(stack: StackRecord, works: Works): Promise<Failure | undefined> {
  noteStack(works.note, stack, 'DELETE_IN_PROGRESS', 'User Initiated')
  const failures = await takeDownAll(stack, works, true)
  if (failures.length > 0) {
    noteStack(works.note, stack, 'DELETE_FAILED', notDeleted(failures))
    return failures[0]
  }
  stack.imports = new Set()
  stack.outputs = []
  stack.deletedAt = works.clock.now()
  noteStack(works.note, stack, 'DELETE_COMPLETE')
  return
}

/** Makes the resources, and then the outputs. With the first failure, whatever failed. */
async function carryOut(stack: StackRecord, goal: Goal, works: Works) {
  try {
    outputAttributesExist(goal.plan, works.types)
  } catch (cause) {
    return { steps: [], failures: [], failure: { reason: reasonOf(cause), cause } }
  }
  const { steps, failures } = await apply(goal, stack, works)
  const [failure] = failures.length > 0 ? failures : await conclude(stack, goal, works)
  return { steps, failures, failure }
}

/** With the resources there: outputs and exports. What is wrong with them is wrong with the stack, not with a resource. */
async function conclude(stack: StackRecord, goal: Goal, works: Works): Promise<readonly Failure[]> {
  let outputs: readonly Output[]
  try {
    outputs = await outputsOf(goal.plan, stack, works)
    exportsAreFree(stack, outputs, goal.others())
  } catch (cause) {
    return [{ reason: reasonOf(cause), cause }]
  }
  stack.outputs = outputs
  stack.imports = goal.imports
  stack.template = goal.plan.template
  stack.parameters = goal.parameters
  stack.tags = goal.tags
  stack.settings = { ...stack.settings, ...goal.settings }
  return []
}

function takeDownAll(stack: StackRecord, works: Works, keepForLater = false) {
  const doomed = [...stack.resources.values()].map((record): Doomed => {
    const { deletionPolicy } = record
    const spared = keepForLater && deletionPolicy === 'RetainExceptOnCreate'
    return { record, policy: spared ? 'Retain' : deletionPolicy }
  })
  return takeDown(doomed, stack, works, forget(stack))
}

const unwanted = (stack: StackRecord, plan: Plan): readonly Doomed[] =>
  [...stack.resources.values()]
    .filter(({ logicalId }) => !plan.resources.has(logicalId))
    .map(record => ({
      record,
      policy: record.deletionPolicy === 'RetainExceptOnCreate' ? 'Retain' : record.deletionPolicy,
    }))

/** A record leaves the stack unless another has taken its place. */
const forget = (stack: StackRecord) => (record: ResourceRecord) => {
  if (stack.resources.get(record.logicalId) === record) stack.resources.delete(record.logicalId)
}

function because(failures: readonly (Failure & { verb: 'create' | 'update' })[], first: Failure): string {
  const named = (['create', 'update'] as const).flatMap(verb => {
    const names = failures.filter(one => one.verb === verb).map(({ logicalId }) => logicalId)
    return names.length > 0 ? [`The following resource(s) failed to ${verb}: [${names.join(', ')}].`] : []
  })
  return named.length > 0 ? named.join(' ') : first.reason
}

const notDeleted = (failures: readonly Failure[]) =>
  `The following resource(s) failed to delete: [${failures.map(({ logicalId }) => logicalId).join(', ')}].`
