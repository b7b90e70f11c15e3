import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { DeleteCommand, DynamoDBDocumentClient, ScanCommand } from '@aws-sdk/lib-dynamodb'
import type { APIGatewayProxyWebsocketHandlerV2 } from 'aws-lambda'

const dynamodb = DynamoDBDocumentClient.from(new DynamoDBClient())

/** Somebody left: takes them off the list, and whoever has been there even longer. */
export const handler: APIGatewayProxyWebsocketHandlerV2 = async event => {
  const { connectionId } = event.requestContext

  const { Items: people = [] } = await dynamodb.send(new ScanCommand({ TableName: process.env.TABLE_NAME }))
  const since = people.find(person => person.connectionId === connectionId)?.since
  for (const old of people.filter(person => person.since <= since)) {
    await dynamodb.send(
      new DeleteCommand({ TableName: process.env.TABLE_NAME, Key: { connectionId: old.connectionId } }),
    )
  }

  return { statusCode: 200 }
}
