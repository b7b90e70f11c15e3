import type { APIGatewayProxyWebsocketHandlerV2 } from 'aws-lambda'
import { forgetAll } from './connections.ts'

/** A client left: forgets it, and everything it subscribed to. */
export const handler: APIGatewayProxyWebsocketHandlerV2 = async ({ requestContext }) => {
  await forgetAll(requestContext.connectionId)
  return { statusCode: 200 }
}
