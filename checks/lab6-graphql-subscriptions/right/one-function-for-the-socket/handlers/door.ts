import type { APIGatewayProxyWebsocketEventV2 } from 'aws-lambda'
import { handler as connect } from './connect.ts'
import { handler as converse } from './converse.ts'
import { handler as disconnect } from './disconnect.ts'

const rooms = { CONNECT: connect, MESSAGE: converse, DISCONNECT: disconnect }

/** One function for everything that a client does. */
export const handler = (event: APIGatewayProxyWebsocketEventV2) =>
  rooms[event.requestContext.eventType](event, undefined as never, undefined as never)
