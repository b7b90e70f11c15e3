import { randomUUID } from 'node:crypto'
import type { APIGatewayProxyWebsocketHandlerV2 } from 'aws-lambda'
import { type Connection, find, introduce } from './connections.ts'
import { dialects } from './dialects.ts'
import { operate } from './operate.ts'
import { hangUp, post } from './post.ts'
import { forget } from './subscriptions.ts'

/** A client sent a frame, in the protocol that was agreed on. */
export const handler: APIGatewayProxyWebsocketHandlerV2 = async ({ requestContext, body = '' }) => {
  const connection = await find(requestContext.connectionId)
  if (connection) await answer(connection, understood(body))
  return { statusCode: 200 }
}

async function answer(connection: Connection, { type, id, payload }: Said) {
  const { connectionId, subprotocol, user } = connection
  const dialect = dialects[subprotocol]
  switch (type) {
    case 'connection_init':
      return welcome(connectionId, payload)
    case 'ping':
      return post(connectionId, { type: 'pong', payload })
    case 'pong':
      return
    case dialect.starts:
      if (!user) return hangUp(connectionId, 4401, 'Unauthorized')
      if (typeof id !== 'string' || typeof payload?.query !== 'string') break
      return operate({ ...connection, user }, id, {
        query: payload.query,
        variables: payload.variables ?? undefined,
        operationName: payload.operationName ?? undefined,
      })
    case dialect.stops:
      if (typeof id !== 'string') break
      return forget(connectionId, id)
    case 'connection_terminate':
      return hangUp(connectionId, 1000, 'Goodbye')
  }
  await hangUp(connectionId, 4400, 'Invalid message received')
}

/** Takes a client in under the name that it gives. The id is ours. Who the client really is belongs to lab 3. */
async function welcome(connectionId: string, payload: Said['payload']) {
  const displayName = String(payload?.displayName ?? 'Somebody').slice(0, 40)
  const isNew = await introduce(connectionId, { id: randomUUID(), displayName })
  if (!isNew) return hangUp(connectionId, 4429, 'Too many initialisation requests')
  await post(connectionId, { type: 'connection_ack' })
}

interface Said {
  readonly type?: unknown
  readonly id?: unknown
  readonly payload?: Readonly<Record<string, any>> | null
}

/** Text that is not JSON, and JSON that is no object, has no type that we know. */
function understood(body: string): Said {
  try {
    return JSON.parse(body) ?? {}
  } catch {
    return {}
  }
}
