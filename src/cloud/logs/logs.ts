import type { Account } from '../account.ts'
import type { Clock } from '../clock.ts'
import { AwsError } from '../error.ts'
import type { Events } from '../events.ts'
import { denialText } from '../iam/denial.ts'
import { append, type LogGroup, type LogStream } from './group.ts'
import { groupArn, groupOf, type Logs } from './log-store.ts'
import { operations } from './operations.ts'
import { resourceTypes } from './resources.ts'

/** Starts CloudWatch Logs without a group. A group keeps its last 50,000 events, and of these at most 32 MB. */
export function startLogs(cloud: {
  readonly account: Account
  readonly clock: Clock
  readonly events: Events
}): Logs {
  const groups = new Map<string, LogGroup>()
  let order = 0

  const store: Omit<Logs, 'resources' | 'service'> = {
    groups,
    createGroup(name) {
      if (groups.has(name)) {
        throw new AwsError('ResourceAlreadyExistsException', 'The specified log group already exists')
      }
      const group: LogGroup = {
        name,
        arn: `${groupArn(cloud.account, name)}:*`,
        creationTime: cloud.clock.now(),
        retentionInDays: undefined,
        tags: new Map(),
        streams: new Map(),
        events: [],
        bytes: 0,
        storedBytes: 0,
      }
      groups.set(name, group)
      return group
    },
    deleteGroup(name) {
      groups.delete(groupOf(groups, name).name)
    },
    createStream(groupName, streamName) {
      const group = groupOf(groups, groupName)
      if (group.streams.has(streamName)) {
        throw new AwsError('ResourceAlreadyExistsException', 'The specified log stream already exists')
      }
      const stream: LogStream = {
        name: streamName,
        arn: `${groupArn(cloud.account, groupName)}:log-stream:${streamName}`,
        creationTime: cloud.clock.now(),
        firstEventTimestamp: undefined,
        lastEventTimestamp: undefined,
        lastIngestionTime: undefined,
      }
      group.streams.set(streamName, stream)
      return stream
    },
    write(groupName, streamName, message, timestamp = cloud.clock.now(), cause) {
      const group = groupOf(groups, groupName)
      const stream = group.streams.get(streamName) ?? store.createStream(groupName, streamName)
      const ingestionTime = cloud.clock.now()
      append(group, stream, { stream: streamName, timestamp, ingestionTime, message, order: order++ })
      const line = message.replace(/\n+$/, '')
      cloud.events.emit({ kind: 'log', logGroup: groupName, logStream: streamName, message: line }, cause)
    },
  }

  return {
    ...store,
    resources: resourceTypes(store),
    service: {
      signingName: 'logs',
      protocol: 'json-1.1',
      targetPrefix: 'Logs_20140328',
      operations: operations(store, cloud.account, cloud.clock),
      denied(access, decision, call) {
        return new AwsError('AccessDeniedException', denialText(call.principal, access, decision))
      },
    },
  }
}
