import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { DeleteCommand, DynamoDBDocumentClient, QueryCommand } from '@aws-sdk/lib-dynamodb'
import type { APIGatewayProxyWebsocketEventV2 } from 'aws-lambda'

const table = DynamoDBDocumentClient.from(new DynamoDBClient())

/** Takes somebody off the list, whom only the index knows by connection. */
export const handler = async (event: APIGatewayProxyWebsocketEventV2) => {
  const TableName = process.env.TABLE
  const { Items = [] } = await table.send(
    new QueryCommand({
      TableName,
      IndexName: 'byConnection',
      KeyConditionExpression: 'connectionId = :id',
      ExpressionAttributeValues: { ':id': event.requestContext.connectionId },
    }),
  )
  for (const { room, name } of Items) await table.send(new DeleteCommand({ TableName, Key: { room, name } }))
  return { statusCode: 200 }
}
