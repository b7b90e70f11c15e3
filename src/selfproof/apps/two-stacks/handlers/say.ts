import { ApiGatewayManagementApi, GoneException } from '@aws-sdk/client-apigatewaymanagementapi'
import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { DynamoDBDocumentClient, QueryCommand } from '@aws-sdk/lib-dynamodb'
import type { APIGatewayProxyWebsocketEventV2 } from 'aws-lambda'

const table = DynamoDBDocumentClient.from(new DynamoDBClient())

/** Tells everybody in the hall. What it returns is meant for nobody. */
export const handler = async (event: APIGatewayProxyWebsocketEventV2) => {
  const { domainName, stage } = event.requestContext
  const api = new ApiGatewayManagementApi({ endpoint: `https://${domainName}/${stage}` })
  const { Items = [] } = await table.send(
    new QueryCommand({
      TableName: process.env.TABLE,
      KeyConditionExpression: 'room = :room',
      ExpressionAttributeValues: { ':room': 'hall' },
    }),
  )
  const { text } = JSON.parse(event.body ?? '{}')
  const Data = JSON.stringify({ stage, said: text })
  await Promise.all(
    Items.map(async ({ connectionId }) => {
      try {
        await api.postToConnection({ ConnectionId: connectionId, Data })
      } catch (error) {
        // They left before we could tell them.
        if (!(error instanceof GoneException)) throw error
      }
    }),
  )
  return { statusCode: 200, body: 'nobody hears this' }
}
