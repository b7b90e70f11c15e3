import { AwsError } from '../error.ts'

/** A log group, its streams, and the events of all of them in the order in which they came. */
export interface LogGroup {
  readonly name: string
  /** Ends in `:*`, as `DescribeLogGroups` and `Fn::GetAtt` give it. */
  readonly arn: string
  /** Milliseconds since the epoch, as every time here. */
  readonly creationTime: number
  retentionInDays: number | undefined
  readonly tags: Map<string, string>
  readonly streams: Map<string, LogStream>
  /** The newest at the end. */
  readonly events: LogEvent[]
  /** Bytes of `events` as CloudWatch counts them: 26 for each besides its message. */
  bytes: number
  /** Bytes of everything that ever came in. */
  storedBytes: number
}

/** A stream of a group. */
export interface LogStream {
  readonly name: string
  readonly arn: string
  readonly creationTime: number
  firstEventTimestamp: number | undefined
  lastEventTimestamp: number | undefined
  lastIngestionTime: number | undefined
}

/** One line of a log. */
export interface LogEvent {
  readonly stream: string
  readonly timestamp: number
  readonly ingestionTime: number
  readonly message: string
  /** Counts up over the whole cloud; the event's id and its place among others of the same millisecond. */
  readonly order: number
}

/** What a group keeps: a cloud that stays up for a day under load must not fill the memory. The oldest go first. */
export const KEPT_EVENTS = 50_000
export const KEPT_BYTES = 32 * 1024 * 1024

const DAY = 24 * 60 * 60 * 1000

/** What CloudWatch adds to each message when it counts bytes. */
const EVENT_OVERHEAD = 26

/** Adds an event, and lets the oldest go when the group is full. */
export function append(group: LogGroup, stream: LogStream, event: LogEvent) {
  group.events.push(event)
  const size = sizeOf(event)
  group.bytes += size
  group.storedBytes += size
  stream.firstEventTimestamp = Math.min(stream.firstEventTimestamp ?? event.timestamp, event.timestamp)
  stream.lastEventTimestamp = Math.max(stream.lastEventTimestamp ?? 0, event.timestamp)
  stream.lastIngestionTime = event.ingestionTime
  if (group.events.length <= KEPT_EVENTS && group.bytes <= KEPT_BYTES) return
  // A tenth at a time, so that a full group does not move its whole array for each line.
  let gone = 0
  while (
    gone < group.events.length - 1 &&
    (group.events.length - gone > KEPT_EVENTS * 0.9 || group.bytes > KEPT_BYTES * 0.9)
  ) {
    group.bytes -= sizeOf(group.events[gone]!)
    gone++
  }
  group.events.splice(0, gone)
}

/** Takes a stream and its events out of the group; false when it is not there. */
export function removeStream(group: LogGroup, name: string): boolean {
  if (!group.streams.delete(name)) return false
  const left = group.events.filter(event => event.stream !== name)
  group.events.splice(0, group.events.length, ...left)
  group.bytes = left.reduce((sum, event) => sum + sizeOf(event), 0)
  return true
}

/** The events that retention has not yet taken at `now`, by time and then by arrival. */
export function presentEvents(group: LogGroup, now: number): LogEvent[] {
  const oldest = group.retentionInDays === undefined ? 0 : now - group.retentionInDays * DAY
  return group.events
    .filter(event => event.timestamp > oldest)
    .sort((a, b) => a.timestamp - b.timestamp || a.order - b.order)
}

/** Throws InvalidParameterException when it is not one of the numbers of days that CloudWatch knows. */
export function checkRetention(days: unknown): number {
  if (typeof days === 'number' && RETENTIONS.includes(days)) return days
  throw new AwsError(
    'InvalidParameterException',
    `1 validation error detected: Value '${days}' at 'retentionInDays' failed to satisfy constraint: Member must satisfy enum value set: [${RETENTIONS.join(', ')}]`,
  )
}

const RETENTIONS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
]

const sizeOf = (event: LogEvent) => event.message.length + EVENT_OVERHEAD
