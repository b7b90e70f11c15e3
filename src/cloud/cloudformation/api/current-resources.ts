import type { Stack } from '../describe.ts'

/** A resource of a stack as CloudFormation tells of it: also one that is under way, that failed, or that is gone with its stack. */
export interface CurrentResource {
  readonly logicalId: string
  readonly type: string
  /** Empty until there is one. */
  readonly physicalId: string
  readonly status: string
  readonly reason?: string
  /** Milliseconds since the epoch. */
  readonly updatedAt: number
}

/**
 * The stack's resources, in the order in which they came. While an operation is under way, and when one has failed or
 * has deleted the stack, the last event of each says how it stands; otherwise those that are there are listed.
 */
export function currentResources(stack: Stack): readonly CurrentResource[] {
  const found = new Map<string, CurrentResource>(stack.resources.map(one => [one.logicalId, one]))
  if (!/^(CREATE|UPDATE|UPDATE_ROLLBACK)_COMPLETE$/.test(stack.status)) {
    for (const event of stack.events) {
      const { logicalResourceId, resourceType, physicalResourceId, resourceStatusReason } = event
      // The stack itself, and not one that is nested in it.
      if (physicalResourceId === stack.stackId) continue
      found.set(logicalResourceId, {
        logicalId: logicalResourceId,
        type: resourceType,
        physicalId: physicalResourceId || (found.get(logicalResourceId)?.physicalId ?? ''),
        status: event.resourceStatus,
        ...(resourceStatusReason !== undefined && { reason: resourceStatusReason }),
        updatedAt: event.timestamp,
      })
    }
  }
  return [...found.values()]
}
