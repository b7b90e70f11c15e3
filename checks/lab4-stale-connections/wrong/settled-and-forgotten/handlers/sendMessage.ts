import {
  ApiGatewayManagementApiClient,
  GoneException,
  PostToConnectionCommand,
} from '@aws-sdk/client-apigatewaymanagementapi'
import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { DynamoDBDocumentClient, paginateScan } from '@aws-sdk/lib-dynamodb'
import type { APIGatewayProxyWebsocketHandlerV2 } from 'aws-lambda'
import { note } from './note.ts'

const dynamodb = DynamoDBDocumentClient.from(new DynamoDBClient())
const management = new ApiGatewayManagementApiClient({ endpoint: process.env.WEBSOCKET_ENDPOINT! })
const TableName = process.env.TABLE_NAME

/** Somebody said something: tells everybody on the list, the one who said it included. */
export const handler: APIGatewayProxyWebsocketHandlerV2 = async event => {
  note(event)
  const message = JSON.stringify({ text: JSON.parse(event.body!).text })

  const ids: string[] = []
  for await (const connectionId of everybody()) ids.push(connectionId)
  const outcomes = await Promise.allSettled(ids.map(connectionId => tell(connectionId, message)))
  for (const outcome of outcomes) if (outcome.status === 'rejected') console.error(outcome.reason)

  return { statusCode: 200 }
}

/** The list. A scan answers with one megabyte at most, and with where to go on. */
async function* everybody(): AsyncGenerator<string> {
  const pages = paginateScan(
    { client: dynamodb },
    { TableName, ProjectionExpression: 'connectionId', ConsistentRead: true },
  )
  for await (const { Items = [] } of pages) {
    for (const { connectionId } of Items) yield connectionId
  }
}

async function tell(connectionId: string, message: string) {
  try {
    await management.send(new PostToConnectionCommand({ ConnectionId: connectionId, Data: message }))
  } catch (error) {
    // Nobody is at fault.
    if (!(error instanceof GoneException)) throw error
  }
}
