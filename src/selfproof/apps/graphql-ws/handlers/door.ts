import type { APIGatewayProxyWebsocketEventV2 } from 'aws-lambda'
import { forgetAll } from './subscriptions.ts'

const SUBPROTOCOL = 'graphql-transport-ws'

type Event = APIGatewayProxyWebsocketEventV2 & { headers?: Record<string, string> }

/** Lets in who speaks the protocol, and forgets who has left. */
export const handler = async ({ requestContext, headers = {} }: Event) => {
  if (requestContext.eventType === 'DISCONNECT') {
    await forgetAll(requestContext.connectionId)
    return { statusCode: 200 }
  }
  const [, offered = ''] =
    Object.entries(headers).find(([name]) => name.toLowerCase() === 'sec-websocket-protocol') ?? []
  if (!offered.split(',').some(one => one.trim() === SUBPROTOCOL)) return { statusCode: 400 }
  return { statusCode: 200, headers: { 'Sec-WebSocket-Protocol': SUBPROTOCOL } }
}
