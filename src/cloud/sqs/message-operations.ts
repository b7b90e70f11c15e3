import type { Call, Operation } from '../service.ts'
import { type Input, onQueue } from './access.ts'
import { batchOf } from './batch.ts'
import { invalidParameter, missingParameter, wrongForThisQueue } from './errors.ts'
import { md5OfAttributes } from './md5.ts'
import { systemAttributeNames } from './message.ts'
import type { StoredQueue } from './queue.ts'
import type { MessageAttribute, NewMessage, Received } from './queues.ts'
import { checkAttributeName } from './settings.ts'
import type { QueueStore } from './store.ts'

/** Operations on messages, one by one and in batches. */
export const messageOperations = (store: QueueStore): readonly Operation<Input>[] => [
  onQueue(store, 'SendMessage', send),
  onQueue(
    store,
    'SendMessageBatch',
    (queue, input, call) =>
      batchOf('SendMessageBatchRequestEntry', input, queue, entry => send(queue, entry, call)),
    'SendMessage',
  ),
  onQueue(store, 'ReceiveMessage', receive),
  onQueue(store, 'DeleteMessage', remove),
  onQueue(
    store,
    'DeleteMessageBatch',
    (queue, input) => batchOf('DeleteMessageBatchRequestEntry', input, queue, entry => remove(queue, entry)),
    'DeleteMessage',
  ),
  onQueue(store, 'ChangeMessageVisibility', changeVisibility),
  onQueue(
    store,
    'ChangeMessageVisibilityBatch',
    (queue, input) =>
      batchOf('ChangeMessageVisibilityBatchRequestEntry', input, queue, entry =>
        changeVisibility(queue, entry),
      ),
    'ChangeMessageVisibility',
  ),
]

function send(queue: StoredQueue, input: Input, call: Call) {
  const { messageId, sequenceNumber, ...md5 } = queue.send(messageIn(input, call), senderOf(call))
  const ofSystemAttributes = md5OfAttributes(input.MessageSystemAttributes)
  return {
    MessageId: messageId,
    MD5OfMessageBody: md5.md5OfBody,
    ...(md5.md5OfAttributes ? { MD5OfMessageAttributes: md5.md5OfAttributes } : {}),
    ...(ofSystemAttributes ? { MD5OfMessageSystemAttributes: ofSystemAttributes } : {}),
    ...(sequenceNumber ? { SequenceNumber: sequenceNumber } : {}),
  }
}

function messageIn(input: Input, { wire }: Call): NewMessage {
  const { AWSTraceHeader, ...unknown } = input.MessageSystemAttributes ?? {}
  for (const name of Object.keys(unknown)) {
    throw invalidParameter(`Message system attribute name '${name}' is invalid.`)
  }
  if (AWSTraceHeader && !(AWSTraceHeader.DataType === 'String' && AWSTraceHeader.StringValue)) {
    throw invalidParameter(
      "Message system attribute 'AWSTraceHeader' must contain a non-empty value of type 'String'.",
    )
  }
  // SDKs that trace send it along by themselves.
  const traceHeader = AWSTraceHeader?.StringValue ?? wire.headers['x-amzn-trace-id']
  return {
    body: input.MessageBody,
    ...given({
      attributes: input.MessageAttributes,
      delaySeconds: input.DelaySeconds,
      groupId: input.MessageGroupId,
      deduplicationId: input.MessageDeduplicationId,
      traceHeader,
    }),
  }
}

async function receive(queue: StoredQueue, input: Input) {
  const most = inRange(input, 'MaxNumberOfMessages', 'Must be between 1 and 10, if provided.', 1, 10) ?? 1
  const visibilityTimeout = inRange(
    input,
    'VisibilityTimeout',
    'Must be >= 0 and <= 43200, if provided.',
    0,
    43_200,
  )
  const waitSeconds =
    inRange(input, 'WaitTimeSeconds', 'Must be >= 0 and <= 20, if provided.', 0, 20) ??
    Number(queue.settings.ReceiveMessageWaitTimeSeconds)
  const attemptId: string | undefined = input.ReceiveRequestAttemptId
  if (attemptId !== undefined && !queue.isFifo) throw wrongForThisQueue('ReceiveRequestAttemptId', attemptId)
  const systemNames: string[] = [
    ...(input.AttributeNames ?? []),
    ...(input.MessageSystemAttributeNames ?? []),
  ]
  for (const name of systemNames) checkSystemName(name)

  const asked = { most, waitSeconds, ...given({ visibilityTimeout, attemptId }) }
  const messages = await queue.receive(asked)
  if (messages.length === 0) return {}
  return {
    Messages: messages.map(message => shown(message, systemNames, input.MessageAttributeNames ?? [])),
  }
}

function shown(message: Received, systemNames: readonly string[], names: readonly string[]) {
  const system = Object.entries(message.system).filter(
    ([name]) => systemNames.includes('All') || systemNames.includes(name),
  )
  const attributes: Record<string, MessageAttribute> = Object.fromEntries(
    Object.entries(message.attributes).filter(([name]) => names.some(pattern => isMeant(pattern, name))),
  )
  // The checksum is of what is shown.
  const md5 = md5OfAttributes(attributes)
  return {
    MessageId: message.messageId,
    ReceiptHandle: message.receiptHandle,
    MD5OfBody: message.md5OfBody,
    Body: message.body,
    ...(system.length > 0 ? { Attributes: Object.fromEntries(system) } : {}),
    ...(md5 ? { MD5OfMessageAttributes: md5, MessageAttributes: attributes } : {}),
  }
}

/** `All`, `*`, `.*`, `prefix.*` or a name. What stands before `.*` is a beginning, not a word: `Hel.*` finds Hello. */
const isMeant = (pattern: string, name: string): boolean =>
  pattern === 'All' ||
  pattern === '*' ||
  pattern === name ||
  (pattern.endsWith('.*') && name.startsWith(pattern.slice(0, -'.*'.length)))

function remove(queue: StoredQueue, { ReceiptHandle }: Input): void {
  if (ReceiptHandle === undefined) throw missingParameter('ReceiptHandle')
  queue.delete(ReceiptHandle)
}

function changeVisibility(queue: StoredQueue, input: Input): void {
  if (input.ReceiptHandle === undefined) throw missingParameter('ReceiptHandle')
  const reason = 'Must be between 0 and 43200, if provided.'
  const seconds = inRange(input, 'VisibilityTimeout', reason, 0, 43_200)
  if (seconds === undefined) throw missingParameter('VisibilityTimeout')
  queue.changeVisibility(input.ReceiptHandle, seconds)
}

function inRange(input: Input, name: string, reason: string, least: number, most: number) {
  const value = input[name]
  if (value === undefined || value === null) return undefined
  if (Number.isInteger(value) && value >= least && value <= most) return value as number
  throw invalidParameter(`Value ${value} for parameter ${name} is invalid. Reason: ${reason}`)
}

/** Attributes of queues are let through: once both shared one list of names. Throws InvalidAttributeName. */
function checkSystemName(name: string): void {
  if (!(systemAttributeNames as readonly string[]).includes(name)) checkAttributeName(name)
}

/** What SenderId shows: a role's or user's unique id, a service's name. */
const senderOf = ({ principal }: Call): string =>
  principal.kind === 'service' ? principal.service : principal.userId

const given = <T extends Record<string, any>>(members: T) =>
  Object.fromEntries(
    Object.entries(members).filter(([, value]) => value !== undefined && value !== null),
  ) as { [K in keyof T]?: NonNullable<T[K]> }
