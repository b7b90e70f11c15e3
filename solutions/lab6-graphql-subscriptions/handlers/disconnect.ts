import type { APIGatewayProxyWebsocketHandlerV2 } from 'aws-lambda'
import { forgetAll } from './connections.ts'

/** Somebody left: forgets them, and everything they subscribed to. */
export const handler: APIGatewayProxyWebsocketHandlerV2 = async ({ requestContext }) => {
  await forgetAll(requestContext.connectionId)
  return { statusCode: 200 }
}
