import { createHash } from 'node:crypto'
import { rememberSent } from './deduplication.ts'
import { invalidParameter, missingParameter, wrongForThisQueue } from './errors.ts'
import { checksums } from './md5.ts'
import { newMessage } from './message.ts'
import { checkId, checkMessage } from './message-checks.ts'
import type { NewMessage, Sent } from './queues.ts'
import type { Settings } from './settings.ts'
import type { Stock } from './stock.ts'

/** How messages come into a queue. */
export interface Sending {
  /** Throws `AwsError` for a message that the queue will not take. */
  send(message: NewMessage, senderId: string): Sent
  /** Takes nothing for a duplicate any more. */
  forget(): void
}

/** Puts what is sent into `stock`, in a FIFO queue but for what has been sent before. */
export function openSending(
  stock: Pick<Stock, 'put'>,
  isFifo: boolean,
  {
    now,
    settings,
    nextSequenceNumber,
  }: {
    now: () => number
    settings: () => Settings
    nextSequenceNumber: () => string
  },
): Sending {
  const sentBefore = rememberSent()
  return {
    forget: sentBefore.clear,
    send(message, senderId) {
      checkMessage(message, Number(settings().MaximumMessageSize))
      checkId('MessageGroupId', message.groupId)
      checkId('MessageDeduplicationId', message.deduplicationId)
      return isFifo ? sendInOrder(message, senderId) : sendPlain(message, senderId)
    },
  }

  function sendPlain(asked: NewMessage, senderId: string): Sent {
    if (asked.deduplicationId !== undefined) {
      throw wrongForThisQueue('MessageDeduplicationId', asked.deduplicationId)
    }
    const delay = asked.delaySeconds ?? Number(settings().DelaySeconds)
    if (!Number.isInteger(delay) || delay < 0 || delay > 900) throw wrongDelay(delay)
    const message = newMessage(asked, senderId, now(), { hiddenUntil: now() + delay * 1000 })
    stock.put(message)
    return { messageId: message.id, ...checksums(asked) }
  }

  function sendInOrder(asked: NewMessage, senderId: string): Sent {
    // 0 is accepted, and the queue's own delay holds all the same.
    if (asked.delaySeconds) throw wrongForThisQueue('DelaySeconds', asked.delaySeconds)
    const { ContentBasedDeduplication, DeduplicationScope } = settings()
    const byContent = ContentBasedDeduplication === 'true' ? sha256(asked.body) : undefined
    const deduplicationId = asked.deduplicationId ?? byContent
    if (deduplicationId === undefined) throw noDeduplicationId()
    if (asked.groupId === undefined) throw missingParameter('MessageGroupId')
    const marks = {
      deduplicationId,
      groupId: DeduplicationScope === 'messageGroup' ? asked.groupId : undefined,
    }
    const earlier = sentBefore.earlier(marks, now())
    // Id and number are the first one's; the checksums are of what has been sent now, for SDKs hold them against it.
    if (earlier) return { ...earlier, ...checksums(asked) }

    const sequenceNumber = nextSequenceNumber()
    const message = newMessage(asked, senderId, now(), { deduplicationId, sequenceNumber })
    stock.put(message)
    const sent = { messageId: message.id, sequenceNumber, ...checksums(asked) }
    sentBefore.remember(marks, sent, now())
    return sent
  }
}

/** A FIFO queue must be told what makes two messages the same. */
export const noDeduplicationId = () =>
  invalidParameter(
    'The queue should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly',
  )

const wrongDelay = (delay: unknown) =>
  invalidParameter(
    `Value ${delay} for parameter DelaySeconds is invalid. Reason: DelaySeconds must be >= 0 and <= 900.`,
  )

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')
