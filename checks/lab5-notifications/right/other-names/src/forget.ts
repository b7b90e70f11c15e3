import type { APIGatewayProxyWebsocketHandlerV2 } from 'aws-lambda'
import * as storage from './storage.ts'

/** A frontend left: takes everything off the list that it waited for. */
export const handler: APIGatewayProxyWebsocketHandlerV2 = async event => {
  await storage.forget(event.requestContext.connectionId)
  return { statusCode: 200 }
}
