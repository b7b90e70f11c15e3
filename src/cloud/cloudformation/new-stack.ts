import { randomUUID } from 'node:crypto'
import type { Site, StackRequest } from './goal.ts'
import type { StackRecord } from './history.ts'
import { keptParameters } from './parameters.ts'
import { TemplateProblem } from './template.ts'

/** The status of a stack of which there is only a plan, a change set's. */
export const UNDER_REVIEW = 'REVIEW_IN_PROGRESS'

/** A stack that nothing has been made of yet. Throws `TemplateProblem` for a name that no stack may have, and for parameters that are to be kept. */
export function newStack(
  {
    stackName,
    template,
    parameters = {},
    keptParameters: kept = [],
    tags = {},
    settings = {},
    token,
    parent,
  }: StackRequest,
  { account: { partition, region, accountId }, works: { clock } }: Site,
): StackRecord {
  if (!/^[A-Za-z][A-Za-z0-9-]{0,127}$/.test(stackName)) {
    throw new TemplateProblem(
      `1 validation error detected: Value '${stackName}' at 'stackName' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z][-a-zA-Z0-9]*`,
    )
  }
  keptParameters(kept, { Resources: {} }, {})
  return {
    stackName,
    stackId: `arn:${partition}:cloudformation:${region}:${accountId}:stack/${stackName}/${randomUUID()}`,
    parentId: parent?.stackId,
    rootId: parent?.rootId,
    createdAt: clock.now(),
    status: UNDER_REVIEW,
    reason: undefined,
    template,
    parameters,
    tags,
    settings,
    token,
    resources: new Map(),
    outputs: [],
    imports: new Set(),
    events: [],
  }
}
