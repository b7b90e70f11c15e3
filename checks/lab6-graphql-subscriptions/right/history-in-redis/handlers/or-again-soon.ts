import { ChangeMessageVisibilityCommand, SQSClient } from '@aws-sdk/client-sqs'
import type { SQSRecord } from 'aws-lambda'

const sqs = new SQSClient()

/** In seconds. What fails because of somebody else's bad moment is better soon than now. */
const SOON = 1

/** Does `work`; a message with which it fails comes back soon, and not when its visibility timeout is over. */
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
