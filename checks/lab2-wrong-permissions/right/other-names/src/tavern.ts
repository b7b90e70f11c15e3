import { ApiGatewayManagementApi, GoneException } from '@aws-sdk/client-apigatewaymanagementapi'
import { DynamoDB } from '@aws-sdk/client-dynamodb'
import type { APIGatewayProxyWebsocketEventV2 as Event } from 'aws-lambda'

const { TABLE_NAME: TableName, WEBSOCKET_ENDPOINT: endpoint = '' } = process.env
const dynamodb = new DynamoDB()

const keyOf = ({ requestContext }: Event) => ({ connectionId: { S: requestContext.connectionId } })

export async function enter(event: Event) {
  await dynamodb.putItem({ TableName, Item: { ...keyOf(event), round: { N: '1' } } })
  return { statusCode: 204 }
}

export async function leave(event: Event) {
  await dynamodb.deleteItem({ TableName, Key: keyOf(event) })
  return { statusCode: 204 }
}

export async function say(event: Event) {
  const management = new ApiGatewayManagementApi({ endpoint })
  const { text } = JSON.parse(event.body ?? '{}')
  const { Items = [] } = await dynamodb.scan({ TableName, ProjectionExpression: 'connectionId' })
  const Data = new TextEncoder().encode(JSON.stringify({ who: 'a guest', text }))
  await Promise.all(
    Items.map(({ connectionId }) =>
      management.postToConnection({ ConnectionId: connectionId?.S, Data }).catch(unlessGone),
    ),
  )
  return { statusCode: 204 }
}

function unlessGone(error: Error) {
  if (!(error instanceof GoneException)) throw error
}
