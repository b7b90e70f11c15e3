import { AwsError } from '../error.ts'
import type { NewMessage, Queue, MessageAttribute as QueueAttribute } from '../sqs/queues.ts'
import { type Means, SNS } from './means.ts'
import { type Message, textFor } from './message.ts'
import { deadLetterQueueOf } from './subscription-attributes.ts'
import { isRaw, type Subscription } from './topic.ts'

/** The most attributes that a raw message to a queue can have: it is SQS's own limit. */
const MAX_RAW_ATTRIBUTES = 10
/** What queues show as the sender of everything that SNS sends, in AWS's own captures. */
const SENDER_ID = 'AIDAIT2UOQQY3AUEKVGXU'

/**
 * Puts a message into a queue, if there is such a queue and its policy lets this topic in. Answers whether it did:
 * otherwise the message is lost, and nobody is told but the stream of events.
 */
export async function toQueue(
  means: Means,
  message: Message,
  subscription: Subscription,
  queueArn: string,
): Promise<boolean> {
  if (isRaw(subscription) && message.attributes.size > MAX_RAW_ATTRIBUTES) return false
  const body = isRaw(subscription)
    ? textFor(message, subscription.protocol)
    : await means.envelopes.notification(message, subscription)
  const queue = means.queues.find(queueArn)
  if (!queue || !maySend(means, queue, subscription)) return false
  return accepted(() => queue.send(queueMessage(queue, message, subscription, body), SENDER_ID))
}

/** Hands a message to a function, if its policy lets this topic call it. Answers whether it did. */
export async function toFunction(
  { envelopes, queueEvent, account }: Means,
  message: Message,
  subscription: Subscription,
): Promise<boolean> {
  const payload = await envelopes.event(message, subscription)
  return accepted(() =>
    queueEvent({
      functionName: subscription.endpoint,
      payload,
      caller: SNS,
      sourceArn: subscription.topic.arn,
      sourceAccount: account.accountId,
    }),
  )
}

/** Keeps what did not arrive in the subscription's dead-letter queue, in the form in which it would have arrived at a queue. */
export async function toDeadLetters(means: Means, message: Message, subscription: Subscription) {
  const target = deadLetterQueueOf(subscription)
  if (target !== undefined) await toQueue(means, message, subscription, target)
}

function maySend({ account, authorize }: Means, { arn, policy }: Queue, { topic }: Subscription): boolean {
  return authorize(SNS, {
    action: 'sqs:SendMessage',
    resource: arn,
    context: { 'aws:SourceArn': topic.arn, 'aws:SourceAccount': account.accountId },
    ...(policy ? { resourcePolicy: policy } : {}),
  }).allowed
}

function queueMessage(queue: Queue, message: Message, subscription: Subscription, body: string): NewMessage {
  const { groupId, deduplicationId, traceHeader, attributes } = message
  return {
    body,
    ...(isRaw(subscription) && attributes.size > 0 ? { attributes: queueAttributes(message) } : {}),
    // A standard queue groups the messages of a standard topic too, for fairness; those of a FIFO topic it does not.
    ...(groupId !== undefined && (queue.isFifo || !subscription.topic.isFifo) ? { groupId } : {}),
    ...(queue.isFifo && deduplicationId !== undefined ? { deduplicationId } : {}),
    ...(traceHeader === undefined ? {} : { traceHeader }),
  }
}

const queueAttributes = ({ attributes }: Message): Readonly<Record<string, QueueAttribute>> =>
  Object.fromEntries(
    [...attributes].map(([name, { type, value }]) => [
      name,
      type.startsWith('Binary')
        ? { DataType: type, BinaryValue: value }
        : { DataType: type, StringValue: value },
    ]),
  )

function accepted(give: () => unknown): boolean {
  try {
    give()
    return true
  } catch (error) {
    // No such function, no permission, a message that the queue does not take: SNS tries none of these again.
    if (!(error instanceof AwsError)) throw error
    return false
  }
}
