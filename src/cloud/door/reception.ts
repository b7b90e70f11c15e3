import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import { countWork, type Work } from '../work.ts'
import type { Door } from './door.ts'
import type { Reception } from './listen.ts'
import { hostOf } from './wire.ts'

type Upgrade = (host: string, request: IncomingMessage, socket: Duplex, head: Buffer) => void

/**
 * Sends requests to the door, and those for a WebSocket to the gateway. At a port that stands for one
 * host everybody means that host, whatever they name; at the door the Host header tells which. `work` counts requests, until
 * their answers have been written.
 */
export const reception =
  (door: Door, upgrade: Upgrade, work: Work = countWork()) =>
  (host?: string): Reception => ({
    request(request, response) {
      void work.add(door.serve(request, response, host))
      void work.add(written(response))
    },
    upgrade(request, socket, head) {
      upgrade(host ?? hostOf(request), request, socket, head)
    },
  })

/** Resolves when the system has all of an answer, or nobody takes it any more. */
const written = (response: ServerResponse) =>
  new Promise<void>(resolve => response.once('finish', resolve).once('close', resolve))
