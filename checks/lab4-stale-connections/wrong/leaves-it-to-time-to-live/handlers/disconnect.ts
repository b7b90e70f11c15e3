import type { APIGatewayProxyWebsocketHandlerV2 } from 'aws-lambda'
import { note } from './note.ts'

/** Somebody left: their row will expire. */
export const handler: APIGatewayProxyWebsocketHandlerV2 = async event => {
  note(event)
  return { statusCode: 200 }
}
