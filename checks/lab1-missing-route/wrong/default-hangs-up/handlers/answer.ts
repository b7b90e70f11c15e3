import {
  ApiGatewayManagementApiClient,
  DeleteConnectionCommand,
  PostToConnectionCommand,
} from '@aws-sdk/client-apigatewaymanagementapi'
import type { APIGatewayProxyWebsocketHandlerV2 } from 'aws-lambda'

const management = new ApiGatewayManagementApiClient({ endpoint: process.env.WEBSOCKET_ENDPOINT! })

/** Every route ends here. Which route it was is the event's `routeKey`: API Gateway has chosen it already. */
export const handler: APIGatewayProxyWebsocketHandlerV2 = async event => {
  const { routeKey, connectionId } = event.requestContext

  switch (routeKey) {
    case '$connect':
    case '$disconnect':
      // Nobody to answer: on $connect the connection does not exist yet, on $disconnect no longer.
      console.log(routeKey, connectionId)
      break
    case 'message':
      await reply(connectionId, { text: JSON.parse(event.body!).text })
      break
    case 'whoami':
      await reply(connectionId, { connectionId })
      break
    case '$default':
      await reply(connectionId, { actions: ['message', 'whoami'] })
      await management.send(new DeleteConnectionCommand({ ConnectionId: connectionId }))
      break
  }

  return { statusCode: 200 }
}

async function reply(connectionId: string, answer: unknown) {
  await management.send(
    new PostToConnectionCommand({ ConnectionId: connectionId, Data: JSON.stringify(answer) }),
  )
}
