import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import type { ResourceType } from '../cloudformation/resource.ts'
import type { Service, WireAnswer, WireRequest } from '../service.ts'
import { countWork } from '../work.ts'
import type { Apis } from './api.ts'
import { openKeychain } from './authorization/keychain.ts'
import { controlPlane } from './control/control-plane.ts'
import { apiIdIn, type Core, domainNameOf, type Surroundings } from './core.ts'
import type { CustomDomains } from './custom-domains.ts'
import { serving } from './deploy.ts'
import { randomIds } from './ids.ts'
import { countMessage } from './logs/count-request.ts'
import { says } from './messages/error-frame.ts'
import { deliver } from './messages/messages.ts'
import { gatewayResources } from './resources/all.ts'
import { openLedger } from './resources/ledger.ts'
import { type ServedStage, servedOf } from './served.ts'
import { connectionsService } from './sockets/connections-service.ts'
import { sayFarewell } from './sockets/farewell.ts'
import { switchboard } from './sockets/switchboard.ts'
import { upgrades } from './sockets/upgrade.ts'
import { reach } from './stage-path.ts'
import { tokenBucket } from './throttle.ts'

/** API Gateway's WebSocket APIs: their resources, their sockets, and the API by which functions speak to clients. */
export interface Gateway {
  /** Takes a WebSocket handshake with a host: an API's own, or a custom domain. */
  upgrade(host: string, request: IncomingMessage, socket: Duplex, head: Buffer): void
  /** Whether a host is an API's own, be there such an API or not, or a custom domain. */
  serves(host: string): boolean
  /** Answers a plain request to such a host that is none of the @connections API's (facts: A17, assumed). */
  plain(wire: WireRequest): WireAnswer
  /** The @connections API. The host of a request tells which API it is for. */
  readonly service: Service
  /** API Gateway's own API, by which people look at what was deployed. */
  readonly controlPlane: Service
  readonly resources: readonly ResourceType[]
  /** The APIs there are, oldest first. */
  apis(): readonly { readonly apiId: string; readonly name: string; readonly stages: readonly string[] }[]
  /** The AWS address of every stage: on its API's own host, unless that is disabled, and on each custom domain that is mapped to it. */
  addresses(): readonly string[]
  /** What each stage of each API serves. AWS has no call that tells it: GetRoutes tells what is defined. */
  served(): readonly ServedStage[]
  /** How many clients are connected. */
  clients(): number
  /** Breaks off all connections and pending handshakes. No `$disconnect` runs. */
  stop(): Promise<void>
}

/** Starts a gateway without any API. */
export function startGateway({
  ids = randomIds,
  quotas = {},
  cloudWatchRoleArn,
  work = countWork(),
  attend = (_connectionId, task) => task(),
  leaves = () => {},
  ...surroundings
}: Surroundings): Gateway {
  const apis: Apis = new Map()
  const domains: CustomDomains = new Map()
  const ledger = openLedger(surroundings.clock.now)
  const { clock, events } = surroundings
  let stopped = false

  const board = switchboard(clock, events, work, {
    message: (connection, text) =>
      work.add(attend(connection.peer.connectionId, () => deliver(core, connection, text))),
    leaves: connection => leaves(connection.peer.connectionId),
    ended(connection, code, reason) {
      const farewell = () => sayFarewell(core, connection, code, reason)
      if (!stopped) void work.add(attend(connection.peer.connectionId, farewell, true))
    },
  })
  const { newConnectionsPerSecond: perSecond, requests } = quotas
  const core: Core = {
    ...surroundings,
    work,
    attend,
    ids,
    apis,
    domains,
    accountSettings: { cloudWatchRoleArn },
    keychain: openKeychain(clock.now),
    connections: board.connections,
    send(connection, text, routeKey) {
      const taken = board.send(connection, text, routeKey)
      if (taken) countMessage(core, connection, routeKey)
      return taken
    },
    hangUp: board.hangUp,
    maySpend: requests ? tokenBucket(requests, clock.now) : always,
    mayConnect:
      perSecond === undefined ? always : tokenBucket({ rate: perSecond, burst: perSecond }, clock.now),
  }
  const handshakes = upgrades(core, board)

  return {
    upgrade: handshakes.take,
    serves: host => domains.has(host) || apiIdIn(host, core.account) !== undefined,
    plain: ({ host, target }) =>
      typeof reach(core, host, target.split('?')[0]!) === 'string'
        ? answer(403, 'ForbiddenException', says.forbidden)
        : answer(426, 'UpgradeRequiredException', 'Upgrade Required'),
    service: connectionsService(core),
    controlPlane: controlPlane(core, ledger),
    resources: gatewayResources(core).map(ledger.keep),
    apis: () =>
      [...apis.values()].map(({ apiId, settings, stages }) => ({
        apiId,
        name: settings.name,
        stages: [...stages.keys()],
      })),
    addresses: () => [
      ...[...apis.values()].flatMap(api =>
        [...api.stages.values()]
          .filter(stage => !serving(api, stage)?.disabled)
          .map(({ stageName }) => `wss://${domainNameOf(api.apiId, core.account)}/${stageName}`),
      ),
      ...[...domains.values()].flatMap(({ domainName, mappings }) =>
        [...mappings.values()].map(({ key }) => `wss://${domainName}${key && `/${key}`}`),
      ),
    ],
    served: () => [...apis.values()].flatMap(servedOf),
    clients: () => board.connections.size,
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
