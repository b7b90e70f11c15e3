import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb'
import type { APIGatewayProxyWebsocketHandlerV2 } from 'aws-lambda'

const room = DynamoDBDocumentClient.from(new DynamoDBClient())

export const handler: APIGatewayProxyWebsocketHandlerV2 = async ({ requestContext: { connectionId } }) => {
  await room.send(new PutCommand({ TableName: process.env.ROOM, Item: { connectionId } }))
  return { statusCode: 200 }
}
