import type { Duplex } from 'node:stream'
import type { WebSocket } from 'ws'
import type { Clock } from '../../clock.ts'
import type { Events } from '../../events.ts'
import type { Work } from '../../work.ts'
import { closingOf } from './close-code.ts'
import { type Connection, hasRoom, sendText } from './connection.ts'
import { MAX_FRAME_BYTES, watchFrames } from './frame-size.ts'
import type { Welcome } from './handshake.ts'
import { inflateAtOnce } from './inflate-at-once.ts'
import { watchLifetimes } from './lifetimes.ts'
import { answerPings } from './pong.ts'
import { regulator } from './regulate.ts'

/** Whom the switchboard tells of what clients do. */
export interface Listener {
  message(connection: Connection, text: string): Promise<void>
  /** It has begun to close: `ended` will follow. */
  leaves(connection: Connection): void
  ended(connection: Connection, code: number, reason: string): void
}

/** All open connections. */
export interface Switchboard {
  readonly connections: ReadonlyMap<string, Connection>
  plugIn(socket: WebSocket, wire: Duplex, welcome: Welcome): void
  send(connection: Connection, text: string, routeKey?: string): boolean
  hangUp(connection: Connection, code: number, reason: string): void
  /** Breaks every connection off without a word and waits until they are gone. */
  stop(): Promise<void>
}

/**
 * Holds the connections and sees to sizes, kinds of frames, idleness and closing (facts: A35, A36, A39, C22, G3). `work` counts frames
 * that are being read or written, and connections that are closing.
 */
export function switchboard(
  clock: Clock,
  events: Events,
  work: Pick<Work, 'begin'>,
  listener: Listener,
): Switchboard {
  const connections = new Map<string, Connection>()
  /** Those that are closing included. */
  const sockets = new Set<WebSocket>()
  /** How to note that a connection is closing, once. */
  const leaving = new Map<Connection, () => void>()
  const regulate = regulator()
  const lifetimes = watchLifetimes(clock, connection =>
    events.causing(undefined, () => hangUp(connection, 1001, 'Going away')),
  )

  return {
    connections,
    plugIn(socket, wire, { apiId, stage, peer }) {
      const connection: Connection = { apiId, stage, peer, socket, lastActiveAt: clock.now() }
      connections.set(peer.connectionId, connection)
      sockets.add(socket)
      lifetimes.start(connection)
      listen(connection, wire)
    },
    send(connection, text, routeKey) {
      const { apiId, stage, peer } = connection
      // A client that has left in the meantime needs no answer.
      if (connections.get(peer.connectionId) !== connection) return true
      if (!hasRoom(connection, text.length)) return false
      lifetimes.touch(connection)
      sendText(connection, text, work.begin())
      events.emit({
        kind: 'frame',
        direction: 'out',
        apiId,
        stage,
        connectionId: peer.connectionId,
        ...(routeKey && { routeKey }),
        text,
      })
      return true
    },
    hangUp,
    async stop() {
      connections.clear()
      lifetimes.stop()
      const gone = [...sockets].map(socket => new Promise(resolve => socket.once('close', resolve)))
      for (const socket of sockets) socket.terminate()
      await Promise.all(gone)
    },
  }

  function listen(connection: Connection, wire: Duplex) {
    const { socket } = connection
    const run = regulate(socket, wire)
    let read: (() => void) | undefined
    let closed = () => {}
    let delivered = 0
    let tooLargeAt = Number.POSITIVE_INFINITY
    const watch = watchFrames(message => {
      tooLargeAt = Math.min(tooLargeAt, message)
      refuseTooLarge()
    })

    // Before `ws` reads them: the header of an oversized frame is known long before the frame is there.
    wire.prependListener('data', look)
    wire.once('end', isClosing)
    leaving.set(connection, isClosing)
    answerPings(socket)
    inflateAtOnce(socket)
    socket.on('message', (data: Buffer, isBinary) => {
      const isFrame = watch.framesOfNext() === 1
      const isRefused = delivered++ >= tooLargeAt
      noteWhatComes()
      if (isRefused || !isOpen(connection)) return
      if (isBinary) return hangUp(connection, 1003, '')
      // Compression does not make a frame smaller: browsers compress, and still 32 KB is their limit (facts: G4, G5).
      if (isFrame && data.length > MAX_FRAME_BYTES) return hangUp(connection, 1009, '')
      lifetimes.touch(connection)
      const done = work.begin()
      // A frame is caused by nobody here, though its socket came of a handshake.
      const taken = run(data.length, async () => {
        // What breaks in the cloud itself ends this connection, not the cloud (facts: A39).
        if (isOpen(connection))
          await events
            .causing(undefined, () => listener.message(connection, data.toString()))
            .catch(() => hangUp(connection, 1011, ''))
        done()
      })
      if (!taken) {
        done()
        return hangUp(connection, 1008, '')
      }
      refuseTooLarge()
    })
    socket.on('error', error => {
      const code = closingOf(error)
      if (code) hangUp(connection, code, '')
    })
    socket.on('close', (code, reason) => {
      sockets.delete(socket)
      leaving.delete(connection)
      // The reason of a client that names no code; the same in every capture (facts: A40).
      const said = code === 1005 ? 'Client-side close frame status not set' : reason.toString()
      events.causing(undefined, () => forget(connection, code, said))
      read?.()
      closed()
    })

    function look(chunk: Buffer) {
      // A client that we disconnect may go on sending for a while. Those frames no longer matter.
      if (!isOpen(connection)) return void wire.off('data', look)
      watch.read(chunk)
      noteWhatComes()
      if (watch.hasClosed()) isClosing()
    }

    /** A message is in transit from its first byte on until it is here. */
    function noteWhatComes() {
      if (watch.begun() > delivered) {
        read ??= work.begin()
      } else {
        read?.()
        read = undefined
      }
    }

    /** Until it is closed, something is still to come of it. */
    function isClosing() {
      if (!leaving.delete(connection)) return
      closed = work.begin()
      if (isOpen(connection)) listener.leaves(connection)
    }

    // The messages before it are delivered first.
    function refuseTooLarge() {
      if (delivered >= tooLargeAt) hangUp(connection, 1009, '')
    }
  }

  function hangUp(connection: Connection, code: number, reason: string) {
    if (!isOpen(connection)) return
    leaving.get(connection)?.()
    connection.socket.close(code, reason)
    forget(connection, code, reason)
  }

  function forget(connection: Connection, code: number, reason: string) {
    if (!isOpen(connection)) return
    connections.delete(connection.peer.connectionId)
    lifetimes.end(connection)
    listener.ended(connection, code, reason)
  }

  function isOpen(connection: Connection) {
    return connections.get(connection.peer.connectionId) === connection
  }
}
