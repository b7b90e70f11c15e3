import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb'
import type { APIGatewayProxyWebsocketHandlerV2 } from 'aws-lambda'

const dynamodb = DynamoDBDocumentClient.from(new DynamoDBClient())

/** Somebody came: writes them on the list. */
export const handler: APIGatewayProxyWebsocketHandlerV2 = async event => {
  const { connectionId } = event.requestContext

  await dynamodb.send(new PutCommand({ TableName: process.env.TABLE_NAME, Item: { connectionId } }))

  return { statusCode: 200 }
}
