import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import type { Account } from '../account.ts'
import type { Door } from './door.ts'
import type { Reception } from './listen.ts'
import { hostOf } from './wire.ts'

type Upgrade = (apiId: string, request: IncomingMessage, socket: Duplex, head: Buffer) => void

/**
 * Who comes in is shown to the door, or to the gateway when they ask for a WebSocket. At a port that stands for one
 * API everybody means that API, whatever host they name; at the door the Host header tells which.
 */
export const reception =
  (door: Door, upgrade: Upgrade, account: Account) =>
  (apiId?: string): Reception => ({
    request(request, response) {
      void door.serve(request, response, apiId && hostFor(apiId, account))
    },
    upgrade(request, socket, head) {
      upgrade(apiId ?? apiIdIn(hostOf(request), account) ?? '', request, socket, head)
    },
  })

/** The API that a host name stands for: `{apiId}.execute-api.{region}.amazonaws.com`. */
export function apiIdIn(host: string, account: Account): string | undefined {
  const suffix = hostFor('', account)
  const apiId = host.endsWith(suffix) ? host.slice(0, -suffix.length) : ''
  return apiId === '' || apiId.includes('.') ? undefined : apiId
}

const hostFor = (apiId: string, { region, urlSuffix }: Account): string =>
  `${apiId}.execute-api.${region}.${urlSuffix}`
