import { AwsError } from '../error.ts'
import { type Goal, goalOf, type Site, type StackRequest } from './goal.ts'
import type { StackRecord } from './history.ts'
import { keptParameters } from './parameters.ts'
import { TemplateProblem } from './template.ts'

/**
 * What an update wants of a stack that is there. Throws `ValidationError` when the stack is in no state to be updated,
 * `TemplateProblem` and `Unsupported`.
 */
export async function updateGoalOf(stack: StackRecord, request: StackRequest, site: Site): Promise<Goal> {
  if (!/^(CREATE|UPDATE|UPDATE_ROLLBACK)_COMPLETE$/.test(stack.status)) {
    const message = `Stack:${stack.stackId} is in ${stack.status} state and can not be updated.`
    throw new AwsError('ValidationError', message)
  }
  const kept = keptParameters(request.keptParameters ?? [], stack.template, stack.parameters)
  const parameters = { ...request.parameters, ...kept }
  const goal = await goalOf({ ...request, parameters }, stack.stackId, site)
  const changed = [...goal.plan.resources].filter(
    ([logicalId, { Type }]) => (stack.resources.get(logicalId)?.type ?? Type) !== Type,
  )
  if (changed.length > 0) {
    const names = changed.map(([logicalId]) => logicalId).join(', ')
    throw new TemplateProblem(
      `Update of resource type is not permitted. The new template modifies resource type of the following resources: [${names}]`,
    )
  }
  return goal
}
