import { randomUUID } from 'node:crypto'
import type { MessageAttribute, NewMessage } from './queues.ts'

/** A message in a queue. Times are in milliseconds since the epoch, by the cloud's clock. */
export interface Message {
  readonly id: string
  readonly body: string
  readonly attributes: Readonly<Record<string, MessageAttribute>>
  readonly senderId: string
  readonly traceHeader: string | undefined
  readonly groupId: string | undefined
  readonly deduplicationId: string | undefined
  readonly sequenceNumber: string | undefined
  readonly sentAt: number
  /** When it came into the queue in which it is. */
  readonly arrivedAt: number
  /** When retention began: as it was sent, or, in a FIFO queue's dead-letter queue, as it came there. */
  readonly keptSince: number
  /** Until when nobody receives it; undefined while the queue's own delay decides. */
  readonly hiddenUntil: number | undefined
  /** How often it has been received, in the queue it came from as well. */
  readonly receives: number
  readonly firstReceivedAt: number | undefined
  readonly lastReceivedAt: number | undefined
  /** The ARN of the queue that gave up on it. */
  readonly deadLetterSource: string | undefined
  /** The event with which it came into the queue in which it is. */
  readonly cause?: number
}

/** A message that nobody has received yet. */
export const newMessage = (
  asked: NewMessage,
  senderId: string,
  now: number,
  more: Partial<Pick<Message, 'hiddenUntil' | 'deduplicationId' | 'sequenceNumber'>>,
): Message => ({
  id: randomUUID(),
  body: asked.body,
  attributes: asked.attributes ?? {},
  senderId,
  traceHeader: asked.traceHeader,
  groupId: asked.groupId,
  deduplicationId: more.deduplicationId,
  sequenceNumber: more.sequenceNumber,
  sentAt: now,
  arrivedAt: now,
  keptSince: now,
  hiddenUntil: more.hiddenUntil,
  receives: 0,
  firstReceivedAt: undefined,
  lastReceivedAt: undefined,
  deadLetterSource: undefined,
})

/** The attributes that SQS itself gives a message. */
export const systemAttributeNames = [
  'SenderId',
  'SentTimestamp',
  'ApproximateReceiveCount',
  'ApproximateFirstReceiveTimestamp',
  'MessageGroupId',
  'MessageDeduplicationId',
  'SequenceNumber',
  'AWSTraceHeader',
  'DeadLetterQueueSourceArn',
] as const

/** Those that this message has. */
export function systemAttributesOf(message: Message): Readonly<Record<string, string>> {
  const shown: Record<(typeof systemAttributeNames)[number], string | number | undefined> = {
    SenderId: message.senderId,
    SentTimestamp: message.sentAt,
    ApproximateReceiveCount: message.receives,
    ApproximateFirstReceiveTimestamp: message.firstReceivedAt,
    MessageGroupId: message.groupId,
    MessageDeduplicationId: message.deduplicationId,
    SequenceNumber: message.sequenceNumber,
    AWSTraceHeader: message.traceHeader,
    DeadLetterQueueSourceArn: message.deadLetterSource,
  }
  return Object.fromEntries(
    Object.entries(shown)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => [name, String(value)]),
  )
}
