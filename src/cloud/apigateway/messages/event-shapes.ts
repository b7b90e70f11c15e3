import type { Offer } from '../sockets/offer.ts'
import { requestTime } from './request-time.ts'

/** Who is at the other end of a connection, from its handshake on. */
export interface Peer {
  readonly connectionId: string
  /** Milliseconds since the epoch. */
  readonly connectedAt: number
  readonly sourceIp: string
  readonly userAgent?: string | undefined
  /** The host that the client named: the API's own, whatever local port it used, or a custom domain (facts: D13). */
  readonly domainName: string
  /** The caller of a signed handshake (facts: D12). */
  readonly caller?: Readonly<Record<string, string>> | undefined
  /** What the authorizer said of the client (facts: D15). */
  readonly authorizer?: Readonly<Record<string, string | number>> | undefined
}

/** One thing that happens on a connection: its handshake, a message, its end. */
export interface Occasion {
  readonly peer: Peer
  readonly apiId: string
  readonly stage: string
  readonly stageVariables: Readonly<Record<string, string>>
  readonly routeKey: string
  readonly requestId: string
  /** Milliseconds since the epoch. */
  readonly at: number
  readonly what:
    | { readonly eventType: 'CONNECT' }
    | { readonly eventType: 'MESSAGE'; readonly messageId: string }
    | { readonly eventType: 'DISCONNECT'; readonly code: number; readonly reason: string }
}

/** `requestContext`: what does not apply is absent, not null; keys in the order of the captures (facts: D7, D8, D9, D11, D12). */
export function requestContext({ peer, what, ...occasion }: Occasion) {
  return {
    routeKey: occasion.routeKey,
    ...(peer.authorizer && { authorizer: peer.authorizer }),
    ...(what.eventType === 'DISCONNECT' && { disconnectStatusCode: what.code }),
    ...(what.eventType === 'MESSAGE' && { messageId: what.messageId }),
    eventType: what.eventType,
    extendedRequestId: occasion.requestId,
    requestTime: requestTime(occasion.at),
    messageDirection: 'IN',
    ...(what.eventType === 'DISCONNECT' && { disconnectReason: what.reason }),
    stage: occasion.stage,
    connectedAt: peer.connectedAt,
    requestTimeEpoch: occasion.at,
    identity: {
      ...peer.caller,
      sourceIp: peer.sourceIp,
      ...(peer.userAgent !== undefined && { userAgent: peer.userAgent }),
    },
    requestId: occasion.requestId,
    domainName: peer.domainName,
    connectionId: peer.connectionId,
    apiId: occasion.apiId,
  }
}

/** The event of a `$connect` function: headers and query, but neither body nor method nor path (facts: D1, D2). */
export const connectEvent = (occasion: Occasion, offer: Offer) => ({
  headers: single(offer.headers),
  multiValueHeaders: multiple(offer.headers),
  ...(offer.query.length > 0 && {
    queryStringParameters: single(offer.query),
    multiValueQueryStringParameters: multiple(offer.query),
  }),
  ...stageVariables(occasion),
  requestContext: requestContext(occasion),
  isBase64Encoded: false,
})

/** The event of a message's function, also on `$default`: no headers, no query string (facts: D4, D5). */
export const messageEvent = (occasion: Occasion, body: string) => ({
  ...stageVariables(occasion),
  requestContext: requestContext(occasion),
  body,
  isBase64Encoded: false,
})

/** The event of a `$disconnect` function, with its four curious headers (facts: D6). */
export function disconnectEvent(occasion: Occasion) {
  const headers: Offer['headers'] = [
    ['Host', occasion.peer.domainName],
    ['x-api-key', ''],
    ['X-Forwarded-For', ''],
    ['x-restapi', ''],
  ]
  return {
    headers: single(headers),
    multiValueHeaders: multiple(headers),
    requestContext: requestContext(occasion),
    isBase64Encoded: false,
  }
}

/** The event of a REQUEST authorizer: it also has the upgrade headers, and stage variables always (facts: F15, D17). */
export const authorizerEvent = (occasion: Occasion, offer: Offer, methodArn: string) => ({
  type: 'REQUEST',
  methodArn,
  headers: single(offer.upgradeHeaders),
  multiValueHeaders: multiple(offer.upgradeHeaders),
  // Whether these are absent or empty without a query string was not captured; assumed: as in REST, empty.
  queryStringParameters: single(offer.query),
  multiValueQueryStringParameters: multiple(offer.query),
  stageVariables: occasion.stageVariables,
  requestContext: requestContext(occasion),
})

/** Only in events of stages that have some (facts: D17). */
const stageVariables = ({ stageVariables }: Occasion) =>
  Object.keys(stageVariables).length > 0 && { stageVariables }

/** Of several values the last (assumed: as in REST). */
const single = (pairs: Offer['headers']): Record<string, string> => Object.fromEntries(pairs)

function multiple(pairs: Offer['headers']): Record<string, string[]> {
  const lists = new Map<string, string[]>()
  for (const [name, value] of pairs) {
    const list = lists.get(name)
    if (list) list.push(value)
    else lists.set(name, [value])
  }
  return Object.fromEntries(lists)
}
