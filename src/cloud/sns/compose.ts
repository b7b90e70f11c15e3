import { createHash, randomUUID } from 'node:crypto'
import { invalidParameter, missing } from './errors.ts'
import type { Message, MessageAttribute } from './message.ts'
import { sizeOf } from './message-attributes.ts'
import type { Protocol, Topic } from './topic.ts'
import { DEFAULT_MESSAGE_SIZE } from './topic-attributes.ts'

/** What a caller of Publish sends, and what stands in one entry of a batch. */
export interface Draft {
  readonly Message?: string
  readonly Subject?: string
  readonly MessageStructure?: string
  readonly MessageGroupId?: string
  readonly MessageDeduplicationId?: string
}

/** The most bytes of one message to a topic, attributes included, and of all messages of one batch. */
export const messageLimit = ({ attributes }: Topic): number =>
  Number(attributes.get('MaximumMessageSize') ?? DEFAULT_MESSAGE_SIZE)

/** Bytes that count against the limit. */
export const draftSize = ({ Message = '' }: Draft, attributes: ReadonlyMap<string, MessageAttribute>) =>
  Buffer.byteLength(Message) + sizeOf(attributes)

/** Makes a message of a draft, if SNS takes it. Throws `InvalidParameter`. */
export function compose(
  topic: Topic,
  draft: Draft,
  attributes: ReadonlyMap<string, MessageAttribute>,
  {
    at,
    traceHeader,
    inBatch = false,
  }: {
    readonly at: number
    readonly traceHeader?: string | undefined
    /** The messages of a batch are measured together. */
    readonly inBatch?: boolean
  },
): Message {
  if (draft.Message === undefined) throw missing('Message')
  if (draft.Message === '') throw invalidParameter('Empty message')
  if (draft.Subject !== undefined) checkSubject(draft.Subject)
  checkOrder(topic, draft)
  if (!inBatch && draftSize(draft, attributes) > messageLimit(topic))
    throw invalidParameter('Message too long')
  return {
    messageId: randomUUID(),
    at,
    ...textsOf(draft.Message, draft.MessageStructure),
    attributes,
    ...(draft.Subject === undefined ? {} : { subject: draft.Subject }),
    ...(draft.MessageGroupId === undefined ? {} : { groupId: draft.MessageGroupId }),
    ...(topic.isFifo ? { deduplicationId: draft.MessageDeduplicationId ?? sha256(draft.Message) } : {}),
    ...(traceHeader === undefined ? {} : { traceHeader }),
  }
}

/** Up to 100 characters, no line breaks or control characters, and not a blank in front. */
function checkSubject(subject: string): void {
  if (subject.length < 1 || subject.length > 100 || /^\s|\p{Cc}/u.test(subject)) {
    throw invalidParameter('Subject')
  }
}

function checkOrder({ isFifo, attributes }: Topic, draft: Draft): void {
  const { MessageGroupId, MessageDeduplicationId } = draft
  if (!isFifo && MessageDeduplicationId !== undefined) {
    throw invalidParameter(
      'MessageDeduplicationId Reason: The request includes MessageDeduplicationId parameter that is not valid for this topic type',
    )
  }
  if (isFifo && MessageGroupId === undefined) {
    throw invalidParameter('The MessageGroupId parameter is required for FIFO topics')
  }
  if (
    isFifo &&
    MessageDeduplicationId === undefined &&
    attributes.get('ContentBasedDeduplication') !== 'true'
  ) {
    throw invalidParameter(
      'The topic should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly',
    )
  }
  for (const [name, id] of Object.entries({ MessageGroupId, MessageDeduplicationId })) {
    // Assumed.
    if (id !== undefined && !/^[!-~]{1,128}$/.test(id)) throw invalidParameter(name)
  }
}

function textsOf(message: string, structure: string | undefined): Pick<Message, 'text' | 'texts'> {
  if (structure === undefined) return { text: message, texts: {} }
  // Assumed.
  if (structure !== 'json') throw invalidParameter('MessageStructure')
  const texts = objectIn(message)
  if (!texts) throw invalidParameter('Message Structure - JSON message body failed to parse')
  const { default: text, ...others } = texts
  if (typeof text !== 'string') {
    throw invalidParameter('Message Structure - No default entry in JSON message body')
  }
  const own = Object.entries(others).filter(
    (entry): entry is [Protocol, string] => typeof entry[1] === 'string',
  )
  return { text, texts: Object.fromEntries(own) }
}

function objectIn(json: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value = JSON.parse(json)
    return typeof value === 'object' && value !== null ? value : undefined
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    return undefined
  }
}

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')
