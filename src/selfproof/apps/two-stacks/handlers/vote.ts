import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb'

const table = DynamoDBDocumentClient.from(new DynamoDBClient())

/** Writes to the table, which it may only read. */
export const handler = async () => {
  await table.send(new PutCommand({ TableName: process.env.TABLE, Item: { room: 'votes', name: 'yes' } }))
  return { statusCode: 200 }
}
