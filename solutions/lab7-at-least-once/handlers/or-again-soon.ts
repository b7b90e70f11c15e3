import { ChangeMessageVisibilityCommand, SQSClient } from '@aws-sdk/client-sqs'
import type { SQSRecord } from 'aws-lambda'

const sqs = new SQSClient()

/** In seconds. What fails because of a bad moment of something else is better tried soon than now. */
const SOON = 1

/** Does `work`. If it fails, the message comes back soon, and not only when its visibility timeout is over. */
export async function orAgainSoon({ receiptHandle }: SQSRecord, work: () => Promise<void>) {
  try {
    await work()
  } catch (error) {
    await sqs.send(
      new ChangeMessageVisibilityCommand({
        QueueUrl: process.env.QUEUE,
        ReceiptHandle: receiptHandle,
        VisibilityTimeout: SOON,
      }),
    )
    throw error
  }
}
