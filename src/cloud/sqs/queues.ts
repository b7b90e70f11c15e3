import type { PolicyDocument } from '../iam/policy.ts'

/** A message as it is put into a queue. */
export interface NewMessage {
  readonly body: string
  /** In SQS's own shape: `{ Name: { DataType: 'String', StringValue: '…' } }`. */
  readonly attributes?: Readonly<Record<string, MessageAttribute>>
  /** Seconds until it can be received; the queue's own delay if there is none. */
  readonly delaySeconds?: number
  /** A FIFO queue keeps the order within a group; a standard queue only shows it. */
  readonly groupId?: string
  /** FIFO queues only. */
  readonly deduplicationId?: string
  /** What `AWSTraceHeader` shows. */
  readonly traceHeader?: string
}

export interface MessageAttribute {
  readonly DataType: string
  readonly StringValue?: string
  /** Base64, as in the JSON protocol. */
  readonly BinaryValue?: string
}

/** How a message ended that was sent. */
export interface Sent {
  readonly messageId: string
  readonly md5OfBody: string
  readonly md5OfAttributes?: string
  /** FIFO queues only. */
  readonly sequenceNumber?: string
}

/** A message as it is received. */
export interface Received {
  readonly messageId: string
  readonly receiptHandle: string
  readonly body: string
  readonly md5OfBody: string
  readonly md5OfAttributes?: string
  readonly attributes: Readonly<Record<string, MessageAttribute>>
  /**
   * `ApproximateReceiveCount`, `SentTimestamp`, `SenderId` and `ApproximateFirstReceiveTimestamp`; of some messages `MessageGroupId`,
   * `AWSTraceHeader` and `DeadLetterQueueSourceArn`; a FIFO queue's also `MessageDeduplicationId` and `SequenceNumber`.
   */
  readonly system: Readonly<Record<string, string>>
  /** The event with which it was received. */
  readonly cause?: number
}

/** A queue as the other rooms of the cloud use it: they have asked IAM before. */
export interface Queue {
  readonly arn: string
  readonly url: string
  readonly isFifo: boolean
  /** Seconds. */
  readonly visibilityTimeout: number
  /** The queue's own policy, for questions to IAM. */
  readonly policy: PolicyDocument | undefined
  /** `senderId` is what `SenderId` shows: a principal's unique id. Throws `AwsError`. */
  send(message: NewMessage, senderId: string): Sent
  /**
   * Up to `most` (1 to 10) messages; waits up to `waitSeconds` for the first, by real time, or until `signal` aborts. An empty list when there is none.
   */
  receive(asked: {
    readonly most: number
    readonly waitSeconds: number
    readonly visibilityTimeout?: number
    readonly signal?: AbortSignal
  }): Promise<readonly Received[]>
  /** Throws `AwsError` (ReceiptHandleIsInvalid) for a handle that is none. */
  delete(receiptHandle: string): void
  /** 0 makes the message visible again at once. */
  changeVisibility(receiptHandle: string, seconds: number): void
}

/** All queues of the account. */
export interface Queues {
  /** The queue with this ARN. */
  find(arn: string): Queue | undefined
}
