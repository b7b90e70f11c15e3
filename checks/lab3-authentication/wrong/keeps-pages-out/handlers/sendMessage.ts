import {
  ApiGatewayManagementApiClient,
  GoneException,
  PostToConnectionCommand,
} from '@aws-sdk/client-apigatewaymanagementapi'
import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { DynamoDBDocumentClient, ScanCommand } from '@aws-sdk/lib-dynamodb'
import type {
  APIGatewayEventWebsocketRequestContextV2,
  APIGatewayProxyResultV2,
  APIGatewayProxyWebsocketEventV2WithRequestContext,
  Handler,
} from 'aws-lambda'

/** An event of a connection that was let in: what the authorizer said is in it. */
type Said = APIGatewayProxyWebsocketEventV2WithRequestContext<
  APIGatewayEventWebsocketRequestContextV2 & { authorizer: { name: string } }
>

const dynamodb = DynamoDBDocumentClient.from(new DynamoDBClient())
const management = new ApiGatewayManagementApiClient({ endpoint: process.env.WEBSOCKET_ENDPOINT! })

/** Somebody said something: tells everybody on the list who said what, the one who said it included. */
export const handler: Handler<Said, APIGatewayProxyResultV2> = async event => {
  const { text } = JSON.parse(event.body!)
  const { name } = event.requestContext.authorizer

  const { Items: people = [] } = await dynamodb.send(new ScanCommand({ TableName: process.env.TABLE_NAME }))
  await Promise.all(people.map(person => tell(person.connectionId, { from: name, text })))

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
