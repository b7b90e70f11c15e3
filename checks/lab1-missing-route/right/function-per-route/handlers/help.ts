import type { APIGatewayProxyWebsocketHandlerV2 } from 'aws-lambda'
import { reply } from './reply.ts'

export const handler: APIGatewayProxyWebsocketHandlerV2 = async event => {
  await reply(event.requestContext.connectionId, { actions: ['message', 'whoami'] })
  return { statusCode: 200 }
}
