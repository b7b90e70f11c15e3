import {
  ApiGatewayManagementApiClient,
  PostToConnectionCommand,
} from '@aws-sdk/client-apigatewaymanagementapi'
import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { DeleteCommand, DynamoDBDocumentClient, PutCommand, ScanCommand } from '@aws-sdk/lib-dynamodb'

const table = DynamoDBDocumentClient.from(new DynamoDBClient())
const TableName = process.env.TABLE

export async function handler(event) {
  const { routeKey, connectionId, domainName, stage } = event.requestContext
  if (routeKey === '$connect') {
    const name = event.queryStringParameters?.name
    if (!name) return { statusCode: 400 }
    await table.send(new PutCommand({ TableName, Item: { connectionId, name } }))
  } else if (routeKey === '$disconnect') {
    await table.send(new DeleteCommand({ TableName, Key: { connectionId } }))
  } else {
    await tellOthers(connectionId, JSON.parse(event.body).text, `https://${domainName}/${stage}`)
  }
  return { statusCode: 200 }
}

async function tellOthers(connectionId, text, endpoint) {
  const { Items } = await table.send(new ScanCommand({ TableName }))
  const api = new ApiGatewayManagementApiClient({ endpoint })
  const from = Items.find(item => item.connectionId === connectionId)?.name
  const others = Items.filter(item => item.connectionId !== connectionId)
  const Data = JSON.stringify({ from, text })
  await Promise.all(
    others.map(other => api.send(new PostToConnectionCommand({ ConnectionId: other.connectionId, Data }))),
  )
}
