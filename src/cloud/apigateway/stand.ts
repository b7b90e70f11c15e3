import { once } from 'node:events'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { ApiGatewayManagementApiClient } from '@aws-sdk/client-apigatewaymanagementapi'
import { onTestFinished } from 'vitest'
import { type ClientOptions, WebSocket } from 'ws'
import { defaultAccount } from '../account.ts'
import { type Clock, stillClock } from '../clock.ts'
import { AwsError } from '../error.ts'
import { type CloudEvent, eventStream } from '../events.ts'
import type { Decision } from '../iam/policy.ts'
import type { Invocation, Invoke } from '../lambda/invoke.ts'
import type { Access } from '../service.ts'
import { domainNameOf, type Surroundings } from './core.ts'
import { type Gateway, startGateway } from './gateway.ts'
import { serve } from './stand-door.ts'

/** A test's function: gets the event and says how it ended; what it throws is a failed run, an `AwsError` a refused one. */
export type Behind = (event: any, invoke: Invoke) => unknown

/** A client on the stand, which remembers what it heard. */
export interface Client {
  readonly socket: WebSocket
  send(message: unknown): void
  /** The next message, in order. Waits for it. */
  hears(): Promise<string>
  /** Everything heard so far and not yet taken. */
  readonly inbox: string[]
  readonly closed: Promise<{ code: number; reason: string }>
}

/** A gateway behind a real port, for tests. Everything is put away when the test is over. */
export interface Stand {
  readonly gateway: Gateway
  readonly clock: Clock
  readonly invokes: Invoke[]
  readonly port: number
  history(): readonly CloudEvent[]
  /** What IAM says from now on. */
  decide: (access: Access) => Decision
  create(type: string, properties: Record<string, unknown>): Promise<string>
  update(
    type: string,
    id: string,
    properties: Record<string, unknown>,
    before?: Record<string, unknown>,
  ): Promise<string>
  remove(type: string, id: string, properties: Record<string, unknown>): Promise<void>
  /** What deploying this would be refused for. */
  refusals(type: string, properties: Record<string, unknown>): readonly string[]
  /** An API with an integration of the function behind, a route to it for each key, and an auto-deployed stage `prod`. */
  api(
    routeKeys: readonly string[],
    properties?: { readonly twoWay?: readonly string[]; readonly stage?: Record<string, unknown> },
  ): Promise<{ apiId: string; integrationId: string }>
  /** Connects, or rejects with `Unexpected server response: <status>`. */
  connect(path?: string, options?: ClientOptions & { readonly protocols?: string[] }): Promise<Client>
  /** Resolves once `find` finds an event, past or to come. */
  sees(find: (event: CloudEvent) => unknown): Promise<CloudEvent>
  management(stage?: string): ApiGatewayManagementApiClient
}

const KIND = 'AWS::ApiGatewayV2::'

/** Opens a stand with `behind` as every function of the account. */
export async function openStand(
  behind: Behind = () => ({ statusCode: 200 }),
  extra: Partial<Surroundings> = {},
): Promise<Stand> {
  const clock = stillClock()
  const events = eventStream(clock.now)
  const invokes: Invoke[] = []
  const gateway = startGateway({
    account: defaultAccount,
    clock,
    events,
    decide: (_principal, access) => stand.decide(access),
    async invoke(asked) {
      invokes.push(asked)
      return runBehind(behind, asked)
    },
    ...extra,
  })
  const latest = () => gateway.apis().at(-1)?.apiId ?? 'none'
  // A custom domain by its name, the latest API by any other.
  const hostOf = ({ headers }: http.IncomingMessage) => {
    const named = (headers.host ?? '').replace(/:\d+$/, '')
    return gateway.serves(named) ? named : domainNameOf(latest(), defaultAccount)
  }
  const server = http.createServer(
    (request, response) => void serve(stand, hostOf(request), request, response),
  )
  server.on('upgrade', (request, socket, head) => gateway.upgrade(hostOf(request), request, socket, head))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const clients: WebSocket[] = []

  onTestFinished(async () => {
    for (const socket of clients) socket.terminate()
    await gateway.stop()
    clock.stop()
    server.close()
    server.closeAllConnections()
  })

  const typed = (type: string) =>
    gateway.resources.find(one => one.type === (type.startsWith('AWS::') ? type : KIND + type))!
  const asked = (type: string, properties: Record<string, unknown>) => {
    const unknown = Object.keys(properties).filter(name => !(name in typed(type).properties))
    if (unknown.length > 0) throw new Error(`${type} does not know ${unknown}`)
    return { stackName: 'stack', logicalId: type, properties, inventName: () => `stack-${type}` }
  }

  const stand: Stand = {
    gateway,
    clock,
    invokes,
    port,
    decide: () => ({ allowed: true }),
    history: events.history,
    create: async (type, properties) => (await typed(type).create(asked(type, properties))).physicalId,
    async update(type, physicalId, properties, before = {}) {
      const existing = { physicalId, attributes: {}, properties: before }
      return (await typed(type).update!(asked(type, properties), existing)).physicalId
    },
    async remove(type, physicalId, properties) {
      await typed(type).delete?.({ physicalId, attributes: {}, properties, logicalId: type })
    },
    refusals: (type, properties) => [
      ...(typed(type).invalid?.(properties) ?? []),
      ...(typed(type).refuse?.(properties) ?? []),
    ],
    async api(routeKeys, { twoWay = [], stage = {} } = {}) {
      const ApiId = await stand.create('Api', {
        Name: 'chat',
        ProtocolType: 'WEBSOCKET',
        RouteSelectionExpression: '$request.body.action',
      })
      const integrationId = await stand.create('Integration', {
        ApiId,
        IntegrationType: 'AWS_PROXY',
        IntegrationUri: uriOf('behind'),
      })
      for (const RouteKey of routeKeys) {
        const answers = twoWay.includes(RouteKey)
        const RouteId = await stand.create('Route', {
          ApiId,
          RouteKey,
          Target: `integrations/${integrationId}`,
          ...(answers && { RouteResponseSelectionExpression: '$default' }),
        })
        if (answers) await stand.create('RouteResponse', { ApiId, RouteId, RouteResponseKey: '$default' })
      }
      await stand.create('Stage', { ApiId, StageName: 'prod', AutoDeploy: true, ...stage })
      return { apiId: ApiId, integrationId }
    },
    async connect(path = '/prod', { protocols = [], ...options } = {}) {
      const socket = new WebSocket(`ws://127.0.0.1:${port}${path}`, protocols, options)
      clients.push(socket)
      const client = listenTo(socket)
      await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject))
      return client
    },
    sees: find =>
      new Promise(resolve => {
        const past = events.history().find(find)
        if (past) return resolve(past)
        const stop = events.subscribe(event => {
          if (!find(event)) return
          stop()
          resolve(event)
        })
      }),
    management(stage = 'prod') {
      const client = new ApiGatewayManagementApiClient({
        endpoint: `http://127.0.0.1:${port}/${stage}`,
        region: defaultAccount.region,
        credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' },
        maxAttempts: 1,
      })
      onTestFinished(() => client.destroy())
      return client
    },
  }
  return stand
}

/** The integration URI of a function (facts: C16). */
export const uriOf = (functionName: string) =>
  `arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:123456789012:function:${functionName}/invocations`

/** The status of a refused handshake. */
export async function statusOf(connecting: Promise<unknown>): Promise<number> {
  const error: Error = await connecting.then(
    () => new Error('it was accepted'),
    error => error,
  )
  const status = /^Unexpected server response: (\d+)$/.exec(error.message)?.[1]
  if (!status) throw error
  return Number(status)
}

/** A promise and the key to it. */
export function gate<T = void>() {
  let open!: (value: T) => void
  const passed = new Promise<T>(resolve => {
    open = resolve
  })
  return { passed, open }
}

async function runBehind(behind: Behind, asked: Invoke): Promise<Invocation> {
  try {
    const returned = await behind(JSON.parse(asked.payload), asked)
    return { kind: 'returned', requestId: 'r', payload: JSON.stringify(returned) ?? 'null' }
  } catch (error) {
    if (error instanceof AwsError) throw error
    const { name, message } = error as Error
    return { kind: 'failed', requestId: 'r', error: { errorType: name, errorMessage: message } }
  }
}

function listenTo(socket: WebSocket): Client {
  const inbox: string[] = []
  const waiting: ((text: string) => void)[] = []
  socket.on('message', (data, isBinary) => {
    const text = isBinary ? `binary: ${data}` : String(data)
    const next = waiting.shift()
    if (next) next(text)
    else inbox.push(text)
  })
  return {
    socket,
    inbox,
    send: message => socket.send(typeof message === 'string' ? message : JSON.stringify(message)),
    hears: () =>
      inbox.length > 0 ? Promise.resolve(inbox.shift()!) : new Promise(resolve => waiting.push(resolve)),
    closed: new Promise(resolve =>
      socket.once('close', (code, reason) => resolve({ code, reason: String(reason) })),
    ),
  }
}
