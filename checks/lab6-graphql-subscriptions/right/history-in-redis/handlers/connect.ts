import type { APIGatewayProxyWebsocketEventV2 } from 'aws-lambda'
import { enter } from './connections.ts'
import { choose, SPOKEN } from './dialects.ts'

/** Of all events only that of `$connect` has headers. */
type Event = APIGatewayProxyWebsocketEventV2 & { readonly headers?: Readonly<Record<string, string>> }

/** Somebody came: agrees with them on a subprotocol, and notes it, for no later event tells it. */
export const handler = async ({ requestContext, headers = {} }: Event) => {
  const offered = header(headers, 'Sec-WebSocket-Protocol')
  const chosen = offered === undefined ? SPOKEN : choose(offered)
  if (!chosen) return { statusCode: 400 }

  await enter(requestContext.connectionId, chosen, requestContext.connectedAt)

  // A browser hangs up on a server that leaves its offer unanswered, and on one that answers what was not offered.
  return { statusCode: 200, ...(offered && { headers: { 'Sec-WebSocket-Protocol': chosen } }) }
}

/** The names of headers come as the client spelt them. */
function header(headers: Readonly<Record<string, string>>, name: string): string | undefined {
  return Object.entries(headers).find(([key]) => key.toLowerCase() === name.toLowerCase())?.[1]
}
