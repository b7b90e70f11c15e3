import type { Account } from '../account.ts'
import type { ResourceType } from '../cloudformation/resource.ts'
import { AwsError } from '../error.ts'
import type { Service } from '../service.ts'
import type { LogGroup, LogStream } from './group.ts'

/** CloudWatch Logs. */
export interface Logs {
  /** By name. */
  readonly groups: ReadonlyMap<string, LogGroup>
  /** Throws ResourceAlreadyExistsException. */
  createGroup(name: string): LogGroup
  /** Throws ResourceNotFoundException. */
  deleteGroup(name: string): void
  /** Throws ResourceNotFoundException when there is no such group, ResourceAlreadyExistsException for a second one. */
  createStream(groupName: string, streamName: string): LogStream
  /**
   * Adds one event to a stream, which is made if it is not there. Throws ResourceNotFoundException when there is
   * no such group. `timestamp` (milliseconds since the epoch) is now unless given, `cause` the present event.
   */
  write(groupName: string, streamName: string, message: string, timestamp?: number, cause?: number): void
  readonly resources: readonly ResourceType[]
  readonly service: Service
}

/** The group of that name. Throws ResourceNotFoundException. */
export function groupOf(groups: ReadonlyMap<string, LogGroup>, name: string): LogGroup {
  const group = groups.get(name)
  if (!group) throw new AwsError('ResourceNotFoundException', 'The specified log group does not exist.')
  return group
}

/** Without the `:*` that CloudWatch puts after it in most places. */
export const groupArn = (account: Account, name: string) =>
  `arn:${account.partition}:logs:${account.region}:${account.accountId}:log-group:${name}`
