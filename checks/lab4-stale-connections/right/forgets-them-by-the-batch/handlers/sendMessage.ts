import {
  ApiGatewayManagementApiClient,
  GoneException,
  PostToConnectionCommand,
} from '@aws-sdk/client-apigatewaymanagementapi'
import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { BatchWriteCommand, DynamoDBDocumentClient, paginateScan } from '@aws-sdk/lib-dynamodb'
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

  const gone: string[] = []
  await each(everybody(), AT_ONCE, async connectionId => {
    if (await isGone(connectionId, message)) gone.push(connectionId)
  })
  while (gone.length > 0) await forget(gone.splice(0, 25))

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

async function isGone(connectionId: string, message: string) {
  try {
    await management.send(new PostToConnectionCommand({ ConnectionId: connectionId, Data: message }))
    return false
  } catch (error) {
    if (error instanceof GoneException) return true
    console.error('not told', connectionId, error)
    return false
  }
}

/** At most 25 at a time, and what was not done is done again. */
async function forget(connectionIds: string[]) {
  let requests = connectionIds.map(connectionId => ({ DeleteRequest: { Key: { connectionId } } }))
  while (requests.length > 0) {
    const { UnprocessedItems = {} } = await dynamodb.send(
      new BatchWriteCommand({ RequestItems: { [TableName!]: requests } }),
    )
    requests = (UnprocessedItems[TableName!] ?? []) as typeof requests
  }
}
