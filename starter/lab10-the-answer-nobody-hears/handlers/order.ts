import {
  ApiGatewayManagementApiClient,
  PostToConnectionCommand,
} from '@aws-sdk/client-apigatewaymanagementapi'
import type { APIGatewayProxyWebsocketHandlerV2 } from 'aws-lambda'

const management = new ApiGatewayManagementApiClient({ endpoint: process.env.WEBSOCKET_ENDPOINT! })

/** Takes an order. Posts the answer: one day the workshop will, when the work is done. */
export const handler: APIGatewayProxyWebsocketHandlerV2 = async event => {
  const { id, text } = JSON.parse(event.body!)

  tell(event.requestContext.connectionId, { id, text, ordered: true })

  return { statusCode: 200 }
}

async function tell(connectionId: string, answer: unknown) {
  await management.send(
    new PostToConnectionCommand({ ConnectionId: connectionId, Data: JSON.stringify(answer) }),
  )
}
