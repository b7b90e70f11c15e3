import type { APIGatewayProxyWebsocketHandlerV2 } from 'aws-lambda'
import { note } from './note.ts'

/** Somebody said something that no other route takes. That they said it is enough: any message begins the ten idle minutes anew. */
export const handler: APIGatewayProxyWebsocketHandlerV2 = async event => {
  note(event)
  return { statusCode: 200 }
}
