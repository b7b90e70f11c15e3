import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda'

/**
 * Does `work` on every message of a batch, and answers with the messages that failed. They come back a few times, and
 * then go to the dead-letter queue. The other messages are done, and SQS deletes them.
 */
export async function eachRecord(
  { Records }: SQSEvent,
  work: (record: SQSRecord) => Promise<void>,
): Promise<SQSBatchResponse> {
  // Async, so that a `work` that throws at once fails only its own message, and not the whole batch.
  const outcomes = await Promise.allSettled(Records.map(async record => work(record)))
  const batchItemFailures = Records.flatMap(({ messageId }, index) => {
    const outcome = outcomes[index]
    if (outcome?.status !== 'rejected') return []
    console.error(`Could not deal with the message ${messageId}:`, outcome.reason)
    return [{ itemIdentifier: messageId }]
  })
  return { batchItemFailures }
}
