import {
  ApiGatewayManagementApiClient,
  GoneException,
  PostToConnectionCommand,
} from '@aws-sdk/client-apigatewaymanagementapi'
import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { DeleteCommand, DynamoDBDocumentClient, ScanCommand } from '@aws-sdk/lib-dynamodb'
import type { APIGatewayProxyWebsocketHandlerV2 } from 'aws-lambda'
import { note } from './note.ts'

const dynamodb = DynamoDBDocumentClient.from(new DynamoDBClient())
const management = new ApiGatewayManagementApiClient({ endpoint: process.env.WEBSOCKET_ENDPOINT! })
const TableName = process.env.TABLE_NAME

/** How many are told at the same time: however long the list, this is all that is held in memory of it. */
const AT_ONCE = 50

/** Somebody said something: tells everybody on the list, the one who said it included. */
export const handler: APIGatewayProxyWebsocketHandlerV2 = async event => {
  note(event)
  const message = JSON.stringify({ text: JSON.parse(event.body!).text })

  let ExclusiveStartKey: Record<string, any> | undefined
  do {
    const page = await dynamodb.send(new ScanCommand({ TableName, ExclusiveStartKey }))
    const ids = (page.Items ?? []).map(item => item.connectionId)
    for (let at = 0; at < ids.length; at += AT_ONCE) {
      const batch = ids.slice(at, at + AT_ONCE)
      const outcomes = await Promise.allSettled(batch.map(id => tell(id, message)))
      for (const one of outcomes) if (one.status === 'rejected') console.warn('not told', one.reason)
    }
    ExclusiveStartKey = page.LastEvaluatedKey
  } while (ExclusiveStartKey)

  return { statusCode: 200 }
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
