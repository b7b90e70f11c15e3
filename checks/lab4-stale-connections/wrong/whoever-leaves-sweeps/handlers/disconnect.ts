import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { DeleteCommand, DynamoDBDocumentClient, paginateScan } from '@aws-sdk/lib-dynamodb'
import type { APIGatewayProxyWebsocketHandlerV2 } from 'aws-lambda'
import { note } from './note.ts'

const dynamodb = DynamoDBDocumentClient.from(new DynamoDBClient())
const TableName = process.env.TABLE_NAME

/** Nobody is idle for longer, in milliseconds. */
const IDLE = 10 * 60 * 1000

/** Somebody left: takes them off the list, and first whoever has been on it for so long that they must be gone. */
export const handler: APIGatewayProxyWebsocketHandlerV2 = async event => {
  note(event)
  const { connectionId, requestTimeEpoch } = event.requestContext

  for await (const { Items = [] } of paginateScan(
    { client: dynamodb },
    { TableName, ConsistentRead: true },
  )) {
    for (const one of Items) if (one.since < requestTimeEpoch - IDLE) await forget(one.connectionId)
  }
  await forget(connectionId)

  return { statusCode: 200 }
}

async function forget(connectionId: string) {
  await dynamodb.send(new DeleteCommand({ TableName, Key: { connectionId } }))
}
