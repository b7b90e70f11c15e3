import { ApiGatewayManagementApi } from '@aws-sdk/client-apigatewaymanagementapi'
import { DynamoDB, paginateScan } from '@aws-sdk/client-dynamodb'
import type { APIGatewayProxyWebsocketEventV2 as Event } from 'aws-lambda'

const { TABLE_NAME: TableName, WEBSOCKET_ENDPOINT: endpoint = '' } = process.env
const client = new DynamoDB()

const seatOf = (id: string | undefined) => ({ seat: { S: id ?? '' } })
const aDayFromNow = () => String(Math.floor(Date.now() / 1000) + 24 * 60 * 60)

export async function connect(event: Event) {
  console.info(event.requestContext)
  const Item = { ...seatOf(event.requestContext.connectionId), tab: { N: aDayFromNow() }, round: { N: '1' } }
  await client.putItem({ TableName, Item })
  return { statusCode: 204 }
}

export async function disconnect(event: Event) {
  console.info(event.requestContext)
  await client.deleteItem({ TableName, Key: seatOf(event.requestContext.connectionId) })
  return { statusCode: 204 }
}

export async function heartbeat(event: Event) {
  console.info(event.requestContext)
  return { statusCode: 204 }
}

export async function sendMessage(event: Event) {
  console.info(event.requestContext)
  const management = new ApiGatewayManagementApi({ endpoint })
  const { text } = JSON.parse(event.body ?? '{}')
  const Data = new TextEncoder().encode(JSON.stringify({ who: 'a guest', text }))
  const busy = new Set<Promise<void>>()
  for await (const { Items = [] } of paginateScan({ client }, { TableName, Limit: 50 })) {
    for (const { seat } of Items) {
      const telling = serve(seat?.S).finally(() => busy.delete(telling))
      busy.add(telling)
      if (busy.size >= 10) await Promise.race(busy)
    }
  }
  await Promise.all(busy)
  return { statusCode: 204 }

  async function serve(ConnectionId: string | undefined): Promise<void> {
    try {
      await management.postToConnection({ ConnectionId, Data })
    } catch (error) {
      const { name, message } = error as Error
      if (name === 'GoneException') await client.deleteItem({ TableName, Key: seatOf(ConnectionId) })
      else console.error('no drink for', ConnectionId, name, message)
    }
  }
}
