import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import type { ResourceType } from '../cloudformation/resource.ts'
import type { Service, WireAnswer, WireRequest } from '../service.ts'
import type { Apis } from './api.ts'
import { connectionsService } from './connections-service.ts'
import type { Core, Surroundings } from './core.ts'
import { says } from './error-frame.ts'
import { sayFarewell } from './farewell.ts'
import { randomIds } from './ids.ts'
import { deliver } from './messages.ts'
import { gatewayResources } from './resources/all.ts'
import { reach } from './stage-path.ts'
import { switchboard } from './switchboard.ts'
import { tokenBucket } from './throttle.ts'
import { upgrades } from './upgrade.ts'

/** API Gateway's WebSocket APIs: their resources, their sockets, and the API by which functions speak to clients. */
export interface Gateway {
  /** Takes a WebSocket handshake on an API. */
  upgrade(apiId: string, request: IncomingMessage, socket: Duplex, head: Buffer): void
  /** Answers a plain request to an API's address that is none of the @connections API's (facts: A17, assumed). */
  plain(apiId: string, wire: WireRequest): WireAnswer
  /** The @connections API. The host of a request tells which API it is for. */
  readonly service: Service
  readonly resources: readonly ResourceType[]
  /** The APIs there are, oldest first. */
  apis(): readonly { readonly apiId: string; readonly name: string; readonly stages: readonly string[] }[]
  /** Breaks off all connections and pending handshakes. No `$disconnect` runs. */
  stop(): Promise<void>
}

/** Starts a gateway without any API. */
export function startGateway({
  ids = randomIds,
  quotas = {},
  cloudWatchRoleArn,
  ...surroundings
}: Surroundings): Gateway {
  const apis: Apis = new Map()
  const { clock, events } = surroundings
  let stopped = false

  const board = switchboard(clock, events, {
    message: (connection, text) => deliver(core, connection, text),
    ended(connection, code, reason) {
      if (!stopped) void sayFarewell(core, connection, code, reason)
    },
  })
  const { newConnectionsPerSecond: perSecond, requests } = quotas
  const core: Core = {
    ...surroundings,
    ids,
    apis,
    accountSettings: { cloudWatchRoleArn },
    connections: board.connections,
    send: board.send,
    hangUp: board.hangUp,
    maySpend: requests ? tokenBucket(requests, clock.now) : always,
    mayConnect:
      perSecond === undefined ? always : tokenBucket({ rate: perSecond, burst: perSecond }, clock.now),
  }
  const handshakes = upgrades(core, board)

  return {
    upgrade: handshakes.take,
    plain: (apiId, { target }) =>
      typeof reach(apis, apiId, target.split('?')[0]!) === 'string'
        ? answer(403, 'ForbiddenException', says.forbidden)
        : answer(426, 'UpgradeRequiredException', 'Upgrade Required'),
    service: connectionsService(core),
    resources: gatewayResources(core),
    apis: () =>
      [...apis.values()].map(({ apiId, settings, stages }) => ({
        apiId,
        name: settings.name,
        stages: [...stages.keys()],
      })),
    async stop() {
      stopped = true
      handshakes.stop()
      await board.stop()
    },
  }
}

const always = () => true

const answer = (status: number, errorType: string, message: string): WireAnswer => ({
  status,
  headers: { 'content-type': 'application/json', 'x-amzn-ErrorType': errorType },
  body: JSON.stringify({ message }),
})
