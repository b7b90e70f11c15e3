import type { APIGatewayProxyWebsocketEventV2 } from 'aws-lambda'
import { enter } from './connections.ts'
import { choose, SPOKEN } from './dialects.ts'

/** Only the event of `$connect` has headers. */
type Event = APIGatewayProxyWebsocketEventV2 & { readonly headers?: Readonly<Record<string, string>> }

/** A client came: agrees on a subprotocol with it, and notes it, because no later event tells it. */
export const handler = async ({ requestContext, headers = {} }: Event) => {
  const offered = header(headers, 'Sec-WebSocket-Protocol')
  const chosen = offered === undefined ? SPOKEN : choose(offered)
  if (!chosen) return { statusCode: 400 }

  await enter(requestContext.connectionId, chosen, requestContext.connectedAt)

  // A browser hangs up when its offer is not answered, and when the answer is something it did not offer.
  return { statusCode: 200, ...(offered && { headers: { 'Sec-WebSocket-Protocol': chosen } }) }
}

/** Clients spell the names of headers as they like. */
function header(headers: Readonly<Record<string, string>>, name: string): string | undefined {
  return Object.entries(headers).find(([key]) => key.toLowerCase() === name.toLowerCase())?.[1]
}
