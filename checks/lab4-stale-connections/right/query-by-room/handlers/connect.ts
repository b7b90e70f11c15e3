import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb'
import type { APIGatewayProxyWebsocketHandlerV2 } from 'aws-lambda'
import { note } from './note.ts'

const dynamodb = DynamoDBDocumentClient.from(new DynamoDBClient())

/** In seconds: no connection lives longer. */
const EXPIRES_AFTER = 2 * 60 * 60

/** Somebody came: writes them on the list, for as long as they can possibly stay. */
export const handler: APIGatewayProxyWebsocketHandlerV2 = async event => {
  note(event)
  const { connectionId } = event.requestContext
  const gone = Math.floor(Date.now() / 1000) + EXPIRES_AFTER

  await dynamodb.send(
    new PutCommand({
      TableName: process.env.TABLE_NAME,
      Item: { room: 'lobby', member: connectionId, gone },
    }),
  )

  return { statusCode: 200 }
}
