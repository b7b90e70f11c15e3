import {
  ApiGatewayManagementApiClient,
  GoneException,
  PostToConnectionCommand,
} from '@aws-sdk/client-apigatewaymanagementapi'
import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { DynamoDBDocumentClient, GetCommand, ScanCommand } from '@aws-sdk/lib-dynamodb'
import type { APIGatewayProxyWebsocketHandlerV2 } from 'aws-lambda'

const dynamodb = DynamoDBDocumentClient.from(new DynamoDBClient())
const management = new ApiGatewayManagementApiClient({ endpoint: process.env.WEBSOCKET_ENDPOINT! })

/** Somebody said something: tells everybody on the list who said what, the one who said it included. */
export const handler: APIGatewayProxyWebsocketHandlerV2 = async event => {
  const { text } = JSON.parse(event.body!)
  const { connectionId } = event.requestContext
  const { Item: speaker } = await dynamodb.send(
    new GetCommand({ TableName: process.env.TABLE_NAME, Key: { connectionId } }),
  )

  const { Items: people = [] } = await dynamodb.send(new ScanCommand({ TableName: process.env.TABLE_NAME }))
  await Promise.all(people.map(person => tell(person.connectionId, { from: speaker?.name, text })))

  return { statusCode: 200 }
}

async function tell(connectionId: string, message: unknown) {
  try {
    await management.send(
      new PostToConnectionCommand({ ConnectionId: connectionId, Data: JSON.stringify(message) }),
    )
  } catch (error) {
    // They left before we could tell them. Nobody is at fault.
    if (!(error instanceof GoneException)) throw error
  }
}
