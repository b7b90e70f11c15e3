import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb'
import { DeleteCommand, PutCommand } from '@aws-sdk/lib-dynamodb'
import { dynamodb, hoursAfter } from './table.ts'

const TableName = process.env.CLAIMS

/**
 * Does `work` unless it has been done for the same key before, or is being done now, here or in another instance.
 * If `work` fails, it may be tried again. If this function dies in the middle of it, it may not: one message too few is
 * better than one too many.
 */
export async function once(delivery: string, work: () => Promise<void>) {
  if (!(await claim(delivery))) return
  try {
    await work()
  } catch (error) {
    await dynamodb.send(new DeleteCommand({ TableName, Key: { delivery } }))
    throw error
  }
}

/** Of all who ask for the same key, one is told yes: DynamoDB decides which. */
async function claim(delivery: string): Promise<boolean> {
  // Longer than a message can be in a queue, and come again.
  const expiresAt = hoursAfter(Date.now(), 24)
  try {
    await dynamodb.send(
      new PutCommand({
        TableName,
        Item: { delivery, expiresAt },
        ConditionExpression: 'attribute_not_exists(delivery)',
      }),
    )
    return true
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false
    throw error
  }
}
