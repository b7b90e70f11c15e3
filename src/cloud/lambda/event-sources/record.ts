import type { MessageAttribute, Received } from '../../sqs/queues.ts'

/** One message of an event, in Lambda's spelling. */
export interface SqsRecord {
  readonly messageId: string
  readonly receiptHandle: string
  readonly body: string
  readonly attributes: Readonly<Record<string, string>>
  readonly messageAttributes: Readonly<Record<string, RecordAttribute>>
  /** Null, of a message without attributes, where batches are gathered for a while. */
  readonly md5OfMessageAttributes?: string | null
  readonly md5OfBody: string
  readonly eventSource: 'aws:sqs'
  readonly eventSourceARN: string
  readonly awsRegion: string
}

/** The lists are there, and always empty: SQS has no lists. */
interface RecordAttribute {
  readonly stringValue?: string
  /** Base64. */
  readonly binaryValue?: string
  readonly stringListValues: readonly []
  readonly binaryListValues: readonly []
  readonly dataType: string
}

/** A received message as the function sees it, with the keys in AWS's order. `window` is the mapping's, in seconds. */
export const recordOf = (message: Received, queueArn: string, window: number): SqsRecord => ({
  messageId: message.messageId,
  receiptHandle: message.receiptHandle,
  body: message.body,
  attributes: message.system,
  messageAttributes: Object.fromEntries(
    Object.entries(message.attributes).map(([name, attribute]) => [name, attributeOf(attribute)]),
  ),
  ...(message.md5OfAttributes === undefined
    ? window > 0 && { md5OfMessageAttributes: null }
    : { md5OfMessageAttributes: message.md5OfAttributes }),
  md5OfBody: message.md5OfBody,
  eventSource: 'aws:sqs',
  eventSourceARN: queueArn,
  awsRegion: queueArn.split(':')[3]!,
})

const attributeOf = ({ DataType, StringValue, BinaryValue }: MessageAttribute): RecordAttribute => ({
  ...(StringValue === undefined ? {} : { stringValue: StringValue }),
  ...(BinaryValue === undefined ? {} : { binaryValue: BinaryValue }),
  stringListValues: [],
  binaryListValues: [],
  dataType: DataType,
})
