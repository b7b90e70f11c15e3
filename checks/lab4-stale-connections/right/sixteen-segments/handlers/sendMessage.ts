import {
  ApiGatewayManagementApiClient,
  GoneException,
  PostToConnectionCommand,
} from '@aws-sdk/client-apigatewaymanagementapi'
import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { DeleteCommand, DynamoDBDocumentClient, paginateScan } from '@aws-sdk/lib-dynamodb'
import type { APIGatewayProxyWebsocketHandlerV2 } from 'aws-lambda'
import { note } from './note.ts'

const dynamodb = DynamoDBDocumentClient.from(new DynamoDBClient())
const management = new ApiGatewayManagementApiClient({ endpoint: process.env.WEBSOCKET_ENDPOINT! })
const TableName = process.env.TABLE_NAME

/** In how many parts the list is read, all of them at a time. */
const SEGMENTS = 16

/** Somebody said something: tells everybody on the list, the one who said it included. */
export const handler: APIGatewayProxyWebsocketHandlerV2 = async event => {
  note(event)
  const message = JSON.stringify({ text: JSON.parse(event.body!).text })

  await Promise.all(Array.from({ length: SEGMENTS }, (_, segment) => tellSegment(segment, message)))

  return { statusCode: 200 }
}

/** A part of the list, one after the other. */
async function tellSegment(Segment: number, message: string) {
  const pages = paginateScan({ client: dynamodb }, { TableName, Segment, TotalSegments: SEGMENTS })
  for await (const { Items = [] } of pages) {
    for (const { connectionId } of Items) {
      await tell(connectionId, message).catch(error => console.error('not told', error.name, connectionId))
    }
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
