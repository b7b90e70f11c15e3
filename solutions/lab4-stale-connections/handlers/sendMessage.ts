import {
  ApiGatewayManagementApiClient,
  GoneException,
  PostToConnectionCommand,
} from '@aws-sdk/client-apigatewaymanagementapi'
import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { DeleteCommand, DynamoDBDocumentClient, paginateScan } from '@aws-sdk/lib-dynamodb'
import type { APIGatewayProxyWebsocketHandlerV2 } from 'aws-lambda'
import { each } from './each.ts'
import { note } from './note.ts'

const dynamodb = DynamoDBDocumentClient.from(new DynamoDBClient())
const management = new ApiGatewayManagementApiClient({ endpoint: process.env.WEBSOCKET_ENDPOINT! })
const TableName = process.env.TABLE_NAME

/** How many are told at the same time: however long the list, this is all that is held in memory of it. */
const AT_ONCE = 20

/** Somebody said something: tells everybody on the list, the one who said it included. */
export const handler: APIGatewayProxyWebsocketHandlerV2 = async event => {
  note(event)
  const message = JSON.stringify({ text: JSON.parse(event.body!).text })

  await each(everybody(), AT_ONCE, connectionId =>
    // If posting to one of them fails, the others must still be told, and the log must say so.
    tell(connectionId, message).catch(error => console.error(`Could not tell ${connectionId}:`, error)),
  )

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
    if (!(error instanceof GoneException)) throw error
    // They left, and $disconnect never came to hear of it.
    await dynamodb.send(new DeleteCommand({ TableName, Key: { connectionId } }))
  }
}
