import {
  ApiGatewayManagementApiClient,
  GoneException,
  PostToConnectionCommand,
} from '@aws-sdk/client-apigatewaymanagementapi'
import type { APIGatewayProxyWebsocketHandlerV2 } from 'aws-lambda'

const management = new ApiGatewayManagementApiClient({ endpoint: process.env.WEBSOCKET_ENDPOINT! })

/** A customer comes: says welcome. */
export const handler: APIGatewayProxyWebsocketHandlerV2 = async event => {
  const { connectionId } = event.requestContext
  const welcome = JSON.stringify({ welcome: connectionId })

  try {
    await management.send(new PostToConnectionCommand({ ConnectionId: connectionId, Data: welcome }))
  } catch (error) {
    // They left before we could tell them. Nobody is at fault.
    if (!(error instanceof GoneException)) throw error
  }

  return { statusCode: 200 }
}
