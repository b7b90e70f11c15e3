import imported, { type Options } from 'reconnecting-websocket'
import { type Watched, watch } from './watch.ts'

// Its types promise a member `default` that its CommonJS has not.
const ReconnectingWebSocket = imported as unknown as typeof imported.default

/** What it says whenever it is cut off, and so before it is back. */
export const WHO_AM_I = '{"action":"ask","do":{"echo":true}}'

/** A client that comes back by itself: the unmodified reconnecting-websocket. Runs in Node and in pages. */
export function comingBack(url: string, options: Options = {}): Watched {
  // Soon again, and never too impatient for a handshake: each is answered.
  const manner = { minReconnectionDelay: 20, maxReconnectionDelay: 20, connectionTimeout: 30_000 }
  const socket = new ReconnectingWebSocket(url, [], { ...manner, ...options })
  socket.addEventListener('close', () => socket.send(WHO_AM_I))
  return watch(socket)
}
