import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { DeleteCommand, DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import type { APIGatewayProxyWebsocketHandlerV2 } from 'aws-lambda'

const room = DynamoDBDocumentClient.from(new DynamoDBClient())

export const handler: APIGatewayProxyWebsocketHandlerV2 = async ({ requestContext: { connectionId } }) => {
  await room.send(new DeleteCommand({ TableName: process.env.ROOM, Key: { connectionId } }))
  return { statusCode: 200 }
}
