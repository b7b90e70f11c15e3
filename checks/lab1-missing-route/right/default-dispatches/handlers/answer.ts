import {
  ApiGatewayManagementApiClient,
  PostToConnectionCommand,
} from '@aws-sdk/client-apigatewaymanagementapi'
import type { APIGatewayProxyWebsocketHandlerV2 } from 'aws-lambda'

const management = new ApiGatewayManagementApiClient({ endpoint: process.env.WEBSOCKET_ENDPOINT! })

/** Every route ends here. Which route it was is the event's `routeKey`: API Gateway has chosen it already. */
export const handler: APIGatewayProxyWebsocketHandlerV2 = async event => {
  const { routeKey, connectionId } = event.requestContext

  switch (routeKey === '$default' ? actionIn(event.body) : routeKey) {
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
    default:
      await reply(connectionId, { actions: ['message', 'whoami'] })
      break
  }

  return { statusCode: 200 }
}

/** One route takes everything, so which action was meant is ours to find out. */
function actionIn(body = ''): unknown {
  try {
    return JSON.parse(body).action
  } catch {
    return undefined
  }
}

async function reply(connectionId: string, answer: unknown) {
  await management.send(
    new PostToConnectionCommand({ ConnectionId: connectionId, Data: JSON.stringify(answer) }),
  )
}
