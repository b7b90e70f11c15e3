import type { StackEvent } from './history.ts'
import type { Failure } from './resources.ts'

/** An operation on a stack that went wrong. The stack has been rolled back as far as it would go. */
export class StackFailed extends Error {
  readonly stackName: string
  /** The resource whose failure came first; undefined when it is the stack's outputs or exports. */
  readonly logicalId: string | undefined
  readonly type: string | undefined
  readonly reason: string
  /** This operation's events, oldest first. */
  readonly events: readonly StackEvent[]

  constructor(stackName: string, { logicalId, type, reason, cause }: Failure, events: readonly StackEvent[]) {
    super(`${stackName}${logicalId ? `/${logicalId} (${type})` : ''}: ${reason}`, { cause })
    this.name = 'StackFailed'
    this.stackName = stackName
    this.logicalId = logicalId
    this.type = type
    this.reason = reason
    this.events = events
  }
}
