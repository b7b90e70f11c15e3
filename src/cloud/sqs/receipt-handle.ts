import { invalidParameter, refusal } from './errors.ts'

/** What a receipt handle stands for: one reception of one message of one queue. */
export interface Reception {
  readonly messageId: string
  /** Which reception of the message it was. */
  readonly receives: number
}

/** Three bytes in front, which make every handle begin with AQEB, as AWS's do. */
const HEAD = '\u0001\u0001\u0001'

export const writeReceiptHandle = (queueArn: string, { messageId, receives }: Reception): string =>
  Buffer.from(`${HEAD}${queueArn} ${messageId} ${receives}`).toString('base64')

/** Throws ReceiptHandleIsInvalid for what this queue has not handed out; whether the message is still there is another matter. */
export function readReceiptHandle(queueArn: string, handle: string): Reception {
  const text = Buffer.from(String(handle), 'base64').toString()
  const [arn, messageId, receives] = text.startsWith(HEAD) ? text.slice(HEAD.length).split(' ') : []
  if (arn !== queueArn || !messageId || !/^\d+$/.test(receives ?? '')) {
    throw refusal(
      'ReceiptHandleIsInvalid',
      `The input receipt handle "${handle}" is not a valid receipt handle.`,
      'ReceiptHandleIsInvalid',
      404,
    )
  }
  return { messageId, receives: Number(receives) }
}

/** FIFO queues only: its time is up, or somebody else has received the message since. */
export const expired = (handle: string) => unusable(handle, 'The receipt handle has expired.')

export const notAvailable = (handle: string) =>
  unusable(handle, 'Message does not exist or is not available for visibility timeout change.')

const unusable = (handle: string, reason: string) =>
  invalidParameter(`Value ${handle} for parameter ReceiptHandle is invalid. Reason: ${reason}`)
