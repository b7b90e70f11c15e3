import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { apiIdIn, type Core } from '../core.ts'
import { says } from '../messages/error-frame.ts'
import { sayFarewell } from './farewell.ts'
import { type Answered, answerHandshake, type Welcome } from './handshake.ts'
import { type Refusal, refuse } from './refusal.ts'
import type { Switchboard } from './switchboard.ts'
import { upgradeServer } from './upgrade-server.ts'

/** Takes handshakes: each ends as a connection on the board, or with a status. */
export function upgrades(core: Core, board: Switchboard) {
  const serve = upgradeServer()
  const pending = new Set<Duplex>()
  let stopped = false

  return {
    take(host: string, request: IncomingMessage, socket: Duplex, head: Buffer): void {
      pending.add(socket)
      socket.once('close', () => pending.delete(socket))
      socket.on('error', () => socket.destroy())
      let welcome: Welcome
      const { remotePort: port } = request.socket
      const path = request.url ?? '/'
      const knock = core.events.emit({ kind: 'knock', host, path, ...(port !== undefined && { port }) })

      serve(request, socket, head, {
        async judge() {
          const { answer, ...ids } = await core.events.causing(knock, () =>
            core.work.add(answer500(host, answerHandshake(core, host, request))),
          )
          if (stopped) return undefined
          if ('because' in answer) return void turnAway(socket, answer, ids, knock)
          const { apiId, stage, connectionId } = ids
          core.events.emit({ kind: 'handshake', apiId, stage, connectionId, status: 101 }, knock)
          welcome = answer
          return answer
        },
        opened(opened) {
          pending.delete(socket)
          board.plugIn(opened, socket, welcome)
        },
        // The handler had let it in, so it was connected (assumed).
        left: () => void core.work.add(sayFarewell(core, welcome, 1006, '')),
        malformed({ message }) {
          turnAway(socket, { status: 400, message, because: message }, nowhere(host), knock)
        },
      })
    },
    /** Breaks off those that are pending. */
    stop() {
      stopped = true
      for (const socket of pending) socket.destroy()
    },
  }

  function turnAway(socket: Duplex, refusal: Refusal, ids: Omit<Answered, 'answer'>, knock: number) {
    const { status, because } = refusal
    core.events.emit({ kind: 'handshake', apiId: ids.apiId, stage: ids.stage, status, because }, knock)
    refuse(socket, refusal, ids.connectionId, ids.requestId)
  }

  /** What breaks in the cloud itself is told to the client as AWS would tell it. */
  async function answer500(host: string, answering: Promise<Answered>): Promise<Answered> {
    try {
      return await answering
    } catch (error) {
      const because = error instanceof Error ? error.message : String(error)
      const answer: Refusal = { status: 500, message: says.internal, because }
      return { answer, ...nowhere(host) }
    }
  }

  /** For a handshake that got no further than the host. */
  function nowhere(host: string): Omit<Answered, 'answer'> {
    const apiId = apiIdIn(host, core.account) ?? ''
    return { apiId, stage: '', connectionId: core.ids.connection(), requestId: core.ids.request() }
  }
}
