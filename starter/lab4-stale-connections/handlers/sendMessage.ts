import {
  ApiGatewayManagementApiClient,
  PostToConnectionCommand,
} from '@aws-sdk/client-apigatewaymanagementapi'
import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { DynamoDBDocumentClient, ScanCommand } from '@aws-sdk/lib-dynamodb'
import type { APIGatewayProxyWebsocketHandlerV2 } from 'aws-lambda'
import { note } from './note.ts'

const dynamodb = DynamoDBDocumentClient.from(new DynamoDBClient())
const management = new ApiGatewayManagementApiClient({ endpoint: process.env.WEBSOCKET_ENDPOINT! })
const TableName = process.env.TABLE_NAME

/** Somebody said something: tells everybody on the list, the one who said it included. */
export const handler: APIGatewayProxyWebsocketHandlerV2 = async event => {
  note(event)
  const message = JSON.stringify({ text: JSON.parse(event.body!).text })

  for (const connectionId of await everybody()) await tell(connectionId, message)

  return { statusCode: 200 }
}

/** The list. $disconnect takes clients that leave off it. */
async function everybody(): Promise<string[]> {
  const { Items = [] } = await dynamodb.send(
    new ScanCommand({ TableName, ProjectionExpression: 'connectionId', ConsistentRead: true }),
  )
  return Items.map(({ connectionId }) => connectionId)
}

async function tell(connectionId: string, message: string) {
  await management.send(new PostToConnectionCommand({ ConnectionId: connectionId, Data: message }))
}
