import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb'
import type { APIGatewayProxyWebsocketHandlerV2 } from 'aws-lambda'

const dynamodb = DynamoDBDocumentClient.from(new DynamoDBClient())

/** Somebody came: writes them on the list. */
export const handler: APIGatewayProxyWebsocketHandlerV2 = async event => {
  const { connectionId } = event.requestContext
  // No connection lives longer than two hours.
  const expires = Math.floor(Date.now() / 1_000) + 2 * 60 * 60

  await dynamodb.send(
    new PutCommand({
      TableName: process.env.TABLE_NAME,
      Item: { room: 'lobby', member: connectionId, since: new Date().toISOString(), expires },
    }),
  )

  return { statusCode: 200 }
}
