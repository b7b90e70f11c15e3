import type { Socket } from '../socket.ts'
import type { Standing } from '../standing.ts'

/** A connection's id, by asking a puppet. */
export const idOf = async (up: Standing, socket: Socket): Promise<string> =>
  (await up.ask(socket, { echo: true })).requestContext.connectionId
