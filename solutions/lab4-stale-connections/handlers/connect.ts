import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb'
import type { APIGatewayProxyWebsocketHandlerV2 } from 'aws-lambda'
import { note } from './note.ts'

const dynamodb = DynamoDBDocumentClient.from(new DynamoDBClient())

/** In seconds. No connection lives longer than two hours; an hour more, so that no row goes before its connection. */
const EXPIRES_AFTER = 3 * 60 * 60

/** Somebody came: writes them on the list, for as long as they can possibly stay. */
export const handler: APIGatewayProxyWebsocketHandlerV2 = async event => {
  note(event)
  const { connectionId, connectedAt } = event.requestContext
  // Time to live is a number of seconds since 1970; connectedAt is in milliseconds.
  const expiresAt = Math.floor(connectedAt / 1000) + EXPIRES_AFTER

  await dynamodb.send(
    new PutCommand({ TableName: process.env.TABLE_NAME, Item: { connectionId, expiresAt } }),
  )

  return { statusCode: 200 }
}
