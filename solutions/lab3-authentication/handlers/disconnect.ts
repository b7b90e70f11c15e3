import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { DeleteCommand, DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import type { APIGatewayProxyWebsocketHandlerV2 } from 'aws-lambda'

const dynamodb = DynamoDBDocumentClient.from(new DynamoDBClient())

/** Somebody left: takes them off the list. */
export const handler: APIGatewayProxyWebsocketHandlerV2 = async event => {
  const { connectionId } = event.requestContext

  await dynamodb.send(new DeleteCommand({ TableName: process.env.TABLE_NAME, Key: { connectionId } }))

  return { statusCode: 200 }
}
