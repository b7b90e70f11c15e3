import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { countWork, type Work } from '../work.ts'
import type { Door } from './door.ts'
import type { Reception } from './listen.ts'
import { hostOf } from './wire.ts'

type Upgrade = (host: string, request: IncomingMessage, socket: Duplex, head: Buffer) => void

/**
 * Sends requests to the door, and those for a WebSocket to the gateway. At a port that stands for one
 * host everybody means that host, whatever they name; at the door the Host header tells which. `work` counts requests.
 */
export const reception =
  (door: Door, upgrade: Upgrade, work: Work = countWork()) =>
  (host?: string): Reception => ({
    request(request, response) {
      void work.add(door.serve(request, response, host))
    },
    upgrade(request, socket, head) {
      upgrade(host ?? hostOf(request), request, socket, head)
    },
  })
