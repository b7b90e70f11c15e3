import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { DeleteCommand, DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import type { APIGatewayProxyWebsocketHandlerV2 } from 'aws-lambda'
import { note } from './note.ts'

const dynamodb = DynamoDBDocumentClient.from(new DynamoDBClient())

/** Somebody left: takes them off the list. */
export const handler: APIGatewayProxyWebsocketHandlerV2 = async event => {
  note(event)
  const { connectionId } = event.requestContext

  await dynamodb.send(
    new DeleteCommand({ TableName: process.env.TABLE_NAME, Key: { room: 'lobby', member: connectionId } }),
  )

  return { statusCode: 200 }
}
