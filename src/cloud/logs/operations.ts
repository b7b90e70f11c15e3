import type { Account } from '../account.ts'
import type { Clock } from '../clock.ts'
import { AwsError } from '../error.ts'
import type { Operation } from '../service.ts'
import { checkGroupName, checkInput } from './constraints.ts'
import { checkRetention, type LogEvent, type LogGroup, presentEvents, removeStream } from './group.ts'
import { groupArn, groupOf, type Logs } from './log-store.ts'
import { readPattern } from './pattern.ts'

type Input = Readonly<Record<string, any>>

/** CloudWatch Logs' quota on the events of one answer. */
const MAX_EVENTS = 10_000

/** CloudWatch Logs' quotas on one PutLogEvents: a message, and how far its time may lie ahead or behind. */
const MAX_MESSAGE = 1024 * 1024
const MAX_AHEAD = 2 * 60 * 60 * 1000
const MAX_BEHIND = 14 * 24 * 60 * 60 * 1000

/** The operations of CloudWatch Logs, a table: that is why this file is long. A group may be given by name or, where AWS has `logGroupIdentifier`, by ARN. */
export function operations(
  logs: Pick<Logs, 'groups' | 'createGroup' | 'deleteGroup' | 'createStream' | 'write'>,
  account: Account,
  clock: Clock,
): readonly Operation<Input>[] {
  const checked =
    (name: string, run: Operation<Input>['run']): Operation<Input>['run'] =>
    (input, call) => {
      checkInput(name, input)
      return run(input, call)
    }
  const onGroup = (name: string, run: Operation<Input>['run']): Operation<Input> => ({
    name,
    // The stream's part stands there, empty, even where an action is about the group: a policy needs `:*` behind the group's name.
    access: input => [
      { action: `logs:${name}`, resource: `${groupArn(account, nameOf(input))}:log-stream:` },
    ],
    run: checked(name, run),
  })
  const onStream = (name: string, run: Operation<Input>['run']): Operation<Input> => ({
    name,
    access: input => [
      {
        action: `logs:${name}`,
        resource: `${groupArn(account, nameOf(input))}:log-stream:${input.logStreamName ?? ''}`,
      },
    ],
    run: checked(name, run),
  })
  const group = (input: Input) => groupOf(logs.groups, required(nameOf(input), 'logGroupName'))

  return [
    onGroup('CreateLogGroup', input => {
      const name = required(nameOf(input), 'logGroupName')
      checkGroupName(name)
      const made = logs.createGroup(name)
      for (const [key, value] of Object.entries<string>(input.tags ?? {})) made.tags.set(key, value)
      return {}
    }),
    onGroup('DeleteLogGroup', input => {
      logs.deleteGroup(group(input).name)
      return {}
    }),
    onGroup('DescribeLogGroups', input => {
      const prefix: string = input.logGroupNamePrefix ?? ''
      const part: string = input.logGroupNamePattern ?? ''
      const found = [...logs.groups.values()]
        .filter(one => one.name.startsWith(prefix) && one.name.toLowerCase().includes(part.toLowerCase()))
        .sort((a, b) => (a.name < b.name ? -1 : 1))
      const page = paged(found, input)
      return { logGroups: page.items.map(describeGroup), nextToken: page.nextToken }
    }),
    onStream('CreateLogStream', input => {
      logs.createStream(group(input).name, required(input.logStreamName, 'logStreamName'))
      return {}
    }),
    onStream('DeleteLogStream', input => {
      if (!removeStream(group(input), input.logStreamName)) throw noStream()
      return {}
    }),
    onGroup('DescribeLogStreams', input => {
      const byTime = input.orderBy === 'LastEventTime'
      const found = [...group(input).streams.values()]
        .filter(stream => stream.name.startsWith(input.logStreamNamePrefix ?? ''))
        .sort((a, b) =>
          byTime ? (a.lastEventTimestamp ?? 0) - (b.lastEventTimestamp ?? 0) : a.name < b.name ? -1 : 1,
        )
      if (input.descending) found.reverse()
      const page = paged(found, input)
      return {
        logStreams: page.items.map(({ name, ...stream }) => ({
          logStreamName: name,
          ...stream,
          storedBytes: 0,
          // A stream that nothing was written to has none.
          ...(stream.lastEventTimestamp === undefined ? {} : { uploadSequenceToken: '0' }),
        })),
        nextToken: page.nextToken,
      }
    }),
    onStream('PutLogEvents', input => {
      const { name, streams } = group(input)
      if (!streams.has(required(input.logStreamName, 'logStreamName'))) throw noStream()
      const now = clock.now()
      const events: readonly NewEvent[] = input.logEvents ?? []
      if (events.length === 0) throw invalid('Log events must not be empty.')
      for (const [index, event] of events.entries()) checkEvent(event, events[index - 1])
      const tooOld = events.findLastIndex(({ timestamp }) => timestamp < now - MAX_BEHIND)
      const tooNew = events.findIndex(({ timestamp }) => timestamp > now + MAX_AHEAD)
      for (const { timestamp, message } of events.slice(tooOld + 1, tooNew === -1 ? undefined : tooNew)) {
        logs.write(name, input.logStreamName, message, timestamp)
      }
      const rejected = {
        ...(tooOld === -1 ? {} : { tooOldLogEventEndIndex: tooOld + 1 }),
        ...(tooNew === -1 ? {} : { tooNewLogEventStartIndex: tooNew }),
      }
      return {
        nextSequenceToken: '0',
        ...(Object.keys(rejected).length > 0 ? { rejectedLogEventsInfo: rejected } : {}),
      }
    }),
    onStream('GetLogEvents', input => {
      const found = group(input)
      if (!found.streams.has(required(input.logStreamName, 'logStreamName'))) throw noStream()
      const events = presentEvents(found, clock.now()).filter(
        event => event.stream === input.logStreamName && isWithin(event, input),
      )
      return eventsPage(events, input)
    }),
    onGroup('FilterLogEvents', input => {
      const found = group(input)
      const matches = readPattern(input.filterPattern ?? '')
      const names: readonly string[] | undefined = input.logStreamNames
      if (names && input.logStreamNamePrefix) {
        throw invalid('Cannot specify both logStreamNames and logStreamNamePrefix.')
      }
      for (const name of names ?? []) if (!found.streams.has(name)) throw noStream()
      const events = presentEvents(found, clock.now()).filter(
        event =>
          isWithin(event, input, true) &&
          (!names || names.includes(event.stream)) &&
          event.stream.startsWith(input.logStreamNamePrefix ?? '') &&
          matches(event.message),
      )
      const page = paged(events, input, MAX_EVENTS)
      return {
        events: page.items.map(({ stream, timestamp, message, ingestionTime, order }) => ({
          logStreamName: stream,
          timestamp,
          message,
          ingestionTime,
          eventId: digits(order),
        })),
        searchedLogStreams: [],
        nextToken: page.nextToken,
      }
    }),
    onGroup('PutRetentionPolicy', input => {
      group(input).retentionInDays = checkRetention(input.retentionInDays)
      return {}
    }),
    onGroup('DeleteRetentionPolicy', input => {
      group(input).retentionInDays = undefined
      return {}
    }),
    onGroup('TagLogGroup', input => tag(group(input), input.tags)),
    onGroup('UntagLogGroup', input => untag(group(input), input.tags)),
    onGroup('ListTagsLogGroup', input => ({ tags: Object.fromEntries(group(input).tags) })),
    onGroup('TagResource', input => tag(group(input), input.tags)),
    onGroup('UntagResource', input => untag(group(input), input.tagKeys)),
    onGroup('ListTagsForResource', input => ({ tags: Object.fromEntries(group(input).tags) })),
  ]
}

interface NewEvent {
  readonly timestamp: number
  readonly message: string
}

/** Throws InvalidParameterException: then nothing of the whole batch is written. */
function checkEvent({ timestamp, message }: NewEvent, before: NewEvent | undefined) {
  if (timestamp < (before?.timestamp ?? 0)) {
    throw invalid('Log events in a single PutLogEvents request must be in chronological order.')
  }
  const size = Buffer.byteLength(message)
  if (size > MAX_MESSAGE) throw invalid(`Log event too large: ${size} bytes exceeds limit of ${MAX_MESSAGE}`)
}

function describeGroup(group: LogGroup) {
  return {
    logGroupName: group.name,
    arn: group.arn,
    logGroupArn: group.arn.replace(/:\*$/, ''),
    creationTime: group.creationTime,
    ...(group.retentionInDays === undefined ? {} : { retentionInDays: group.retentionInDays }),
    metricFilterCount: 0,
    storedBytes: group.storedBytes,
    logGroupClass: 'STANDARD',
    deletionProtectionEnabled: false,
  }
}

/** GetLogEvents' pages: a token forward and one backward, which come back unchanged where there is nothing more. */
function eventsPage(events: readonly LogEvent[], input: Input) {
  const limit = Math.min(input.limit ?? MAX_EVENTS, MAX_EVENTS)
  const [, direction, place] = /^([fb])\/(\d+)\/s$/.exec(input.nextToken ?? '') ?? []
  if (input.nextToken && !direction) throw invalid('The specified nextToken is invalid.')
  // A place is the order of the first event at or behind it, so that it stands firm while lines come and go.
  const index = (wanted: number) => {
    const found = events.findIndex(event => event.order >= wanted)
    return found === -1 ? events.length : found
  }
  let start: number
  let end: number
  if (direction === 'f' || (!direction && input.startFromHead)) {
    start = direction ? index(Number(place)) : 0
    end = Math.min(events.length, start + limit)
  } else {
    end = direction ? index(Number(place)) : events.length
    start = Math.max(0, end - limit)
  }
  const last = events[end - 1]
  const forward = end > start ? last!.order + 1 : place ? Number(place) : 0
  const backward = end > start ? events[start]!.order : place ? Number(place) : 0
  return {
    events: events
      .slice(start, end)
      .map(({ timestamp, message, ingestionTime }) => ({ timestamp, message, ingestionTime })),
    nextForwardToken: `f/${digits(forward)}/s`,
    nextBackwardToken: `b/${digits(backward)}/s`,
  }
}

/** A page of a list, by a token that says where the next one starts. */
function paged<T>(items: readonly T[], input: Input, most = 50) {
  const start =
    input.nextToken === undefined ? 0 : Number(Buffer.from(input.nextToken, 'base64url').toString())
  if (!Number.isInteger(start)) throw invalid('The specified nextToken is invalid.')
  const end = start + Math.min(input.limit ?? most, most)
  return {
    items: items.slice(start, end),
    nextToken: end < items.length ? Buffer.from(String(end)).toString('base64url') : undefined,
  }
}

function tag(group: LogGroup, tags: Readonly<Record<string, string>>) {
  for (const [key, value] of Object.entries(tags ?? {})) group.tags.set(key, value)
  return {}
}

function untag(group: LogGroup, keys: readonly string[]) {
  for (const key of keys ?? []) group.tags.delete(key)
  return {}
}

function required(value: unknown, member: string): string {
  if (typeof value === 'string' && value !== '') return value
  throw invalid(
    `1 validation error detected: Value null at '${member}' failed to satisfy constraint: Member must not be null`,
  )
}

/** A group's name from any of the members that AWS's operations have for it; an ARN is cut down to the name. */
function nameOf(input: Input): string {
  const given: string = input.logGroupName ?? input.logGroupIdentifier ?? input.resourceArn ?? ''
  return /:log-group:([^:]+)/.exec(given)?.[1] ?? given
}

/** GetLogEvents takes `endTime` as the first moment outside, FilterLogEvents as the last inside. */
const isWithin = (event: LogEvent, { startTime, endTime }: Input, inclusive = false) =>
  event.timestamp >= (startTime ?? 0) &&
  (endTime === undefined || event.timestamp < endTime + (inclusive ? 1 : 0))

const digits = (order: number) => String(order).padStart(56, '0')
const invalid = (message: string) => new AwsError('InvalidParameterException', message)
const noStream = () => new AwsError('ResourceNotFoundException', 'The specified log stream does not exist.')
