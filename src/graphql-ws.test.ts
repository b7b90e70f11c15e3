import {
  ApiGatewayManagementApiClient,
  DeleteConnectionCommand,
  PostToConnectionCommand,
} from '@aws-sdk/client-apigatewaymanagementapi'
import { type Client, type ClientOptions, createClient, type Message } from 'graphql-ws'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { WebSocket } from 'ws'
import { startGuardian } from './cloud/guardian.ts'
import { happens } from './selfproof/happens.ts'
import { type OpenPage, openPage } from './selfproof/page.ts'
import { synthApp } from './selfproof/synth-app.ts'
import { type LocalTarget, localTarget } from './targets/local.ts'

declare const kit: typeof import('./selfproof/page-kit.ts')

const guardian = startGuardian()
let target: LocalTarget
let chromium: OpenPage
let management: ApiGatewayManagementApiClient
let url: string
beforeAll(async () => {
  const root = guardian.temporaryFolder('wslab-house-graphql-')
  let directory: string
  ;[directory, target, chromium] = await Promise.all([
    synthApp(root, 'graphql-ws'),
    localTarget(guardian),
    openPage(),
  ])
  const { outputs, aws } = await target.deploy({ directory, stackName: 'Graphql', origins: [] })
  url = outputs.Url ?? ''
  management = new ApiGatewayManagementApiClient({ ...aws, endpoint: url.replace('ws', 'http') })
})
afterAll(async () => {
  await chromium?.close()
  await target?.stop()
  await guardian.stop()
})

/** A client as anybody would make it, and what it hears. */
interface Person {
  readonly client: Client
  readonly sockets: readonly WebSocket[]
  readonly messages: readonly Message[]
  /** How its sockets were closed. */
  readonly closings: readonly { readonly code: number; readonly reason: string }[]
  /** Its connection ids, as the server has acknowledged them. */
  readonly ids: readonly string[]
}

function person(options: Partial<ClientOptions> = {}): Person {
  const sockets: WebSocket[] = []
  const messages: Message[] = []
  const closings: { code: number; reason: string }[] = []
  const ids: string[] = []
  const client = createClient({ url, webSocketImpl: WebSocket, retryWait: async () => {}, ...options })
  client.on('opened', socket => sockets.push(socket as WebSocket))
  client.on('message', message => messages.push(message))
  client.on('connected', (_, payload) => ids.push(String(payload?.connectionId)))
  client.on('closed', event => closings.push(event as { code: number; reason: string }))
  onTestFinished(() => client.dispose())
  return { client, sockets, messages, closings, ids }
}

const enter = ({ client }: Person, room: string) => {
  const lines = client.iterate<{ said: { room: string; text: string } }>({
    query: 'subscription ($room: String!) { said(room: $room) { room text } }',
    variables: { room },
  })
  return {
    hears: async () => (await lines.next()).value?.data?.said,
    ended: async () => (await lines.next()).done,
    leave: () => lines.return?.(),
  }
}

/** Runs a query or a mutation to its end. */
async function ask({ client }: Person, query: string): Promise<readonly unknown[]> {
  const results: unknown[] = []
  for await (const result of client.iterate({ query })) results.push(result)
  return results
}
const say = (somebody: Person, room: string, text: string) =>
  ask(somebody, `mutation { say(room: "${room}", text: "${text}") }`)

test('graphql-ws shakes hands, is acknowledged, and asks a query on a socket that speaks graphql-transport-ws', async () => {
  const ana = person()
  expect(await ask(ana, '{ hello(name: "Ana") }')).toEqual([{ data: { hello: 'Hello, Ana!' } }])
  expect(ana.messages.map(({ type }) => type)).toEqual(['connection_ack', 'next', 'complete'])
  expect(ana.sockets.map(({ protocol }) => protocol)).toEqual(['graphql-transport-ws'])
  // It is lazy: with nothing left to wait for it leaves.
  const left = await happens(target.cloud.events, 'close', ({ connectionId }) => connectionId === ana.ids[0])
  expect(left).toMatchObject({ code: 1000, reason: 'Normal Closure' })
})

test('two subscriptions share a socket, each hears its own room, and one that is left is told nothing more', async () => {
  const ana = person()
  const ben = person()
  const [hall, bar] = [enter(ana, 'hall'), enter(ana, 'bar')]
  expect(await hall.hears()).toEqual({ room: 'hall', text: 'welcome' })
  expect(await bar.hears()).toEqual({ room: 'bar', text: 'welcome' })

  expect(await say(ben, 'bar', 'cheers')).toEqual([{ data: { say: 1 } }])
  expect(await bar.hears()).toEqual({ room: 'bar', text: 'cheers' })
  expect(await say(ben, 'hall', 'hello')).toEqual([{ data: { say: 1 } }])
  expect(await hall.hears()).toEqual({ room: 'hall', text: 'hello' })

  await hall.leave()
  await happens(
    target.cloud.events,
    'item',
    ({ change, keys }) => change === 'REMOVE' && JSON.stringify(keys).includes(ana.ids[0]!),
  )
  expect(await say(ben, 'hall', 'anybody there?')).toEqual([{ data: { say: 0 } }])
  expect(await say(ben, 'bar', 'one more')).toEqual([{ data: { say: 1 } }])
  expect(await bar.hears()).toEqual({ room: 'bar', text: 'one more' })
  expect(ana.sockets).toHaveLength(1)
})

test('a subscription that the server completes is over', async () => {
  const ana = person()
  const attic = enter(ana, 'attic')
  await attic.hears()
  expect(await ask(person(), 'mutation { close(room: "attic") }')).toEqual([{ data: { close: 1 } }])
  expect(await attic.ended()).toBe(true)
})

test('an error frame ends its own operation only', async () => {
  const ana = person()
  const study = enter(ana, 'study')
  await study.hears()
  await expect(ask(ana, '{ goodbye }')).rejects.toEqual([
    expect.objectContaining({ message: 'Cannot query field "goodbye" on type "Query".' }),
  ])
  await expect(ask(ana, '{ hello(')).rejects.toEqual([
    expect.objectContaining({ message: 'Syntax Error: Expected Name, found <EOF>.' }),
  ])
  await say(ana, 'study', 'still here')
  expect(await study.hears()).toEqual({ room: 'study', text: 'still here' })
  expect(ana.sockets).toHaveLength(1)
})

test("a client's ping has its pong, and a ping from behind has the client's", async () => {
  const ana = person({ keepAlive: 100 })
  const answered = new Promise(resolve =>
    ana.client.on('pong', received => {
      if (received) resolve(true)
    }),
  )
  const yard = enter(ana, 'yard')
  await yard.hears()
  expect(await answered).toBe(true)

  const Data = JSON.stringify({ type: 'ping', payload: { from: 'behind' } })
  await management.send(new PostToConnectionCommand({ ConnectionId: ana.ids[0], Data }))
  const pong = await happens(
    target.cloud.events,
    'frame',
    ({ direction, connectionId, text }) =>
      direction === 'in' && connectionId === ana.ids[0] && text.includes('behind'),
  )
  expect(JSON.parse(pong.text)).toEqual({ type: 'pong', payload: { from: 'behind' } })
})

test('B10: the error frame of the gateway is no message of the protocol, and the client hangs up with 4004', async () => {
  const ana = person()
  // The function fails: a key of an index may not be empty.
  await expect(enter(ana, '').hears()).rejects.toThrow("Message is missing the 'type' property")
  await happens(target.cloud.events, 'log', ({ message }) =>
    /ValidationException.*empty string/.test(message),
  )
  const left = await happens(target.cloud.events, 'close', ({ connectionId }) => connectionId === ana.ids[0])
  expect(left).toMatchObject({ code: 4004, reason: "Message is missing the 'type' property" })
})

test('A33: a connection that is deleted is made again by the client, with its subscription', async () => {
  const ana = person()
  const cellar = enter(ana, 'cellar')
  await cellar.hears()
  await management.send(new DeleteConnectionCommand({ ConnectionId: ana.ids[0] }))
  expect(await cellar.hears()).toEqual({ room: 'cellar', text: 'welcome' })
  expect(ana.closings).toEqual([
    expect.objectContaining({ code: 1000, reason: 'Connection Closed Normally' }),
  ])
  expect(ana.ids).toHaveLength(2)
  expect(ana.ids[1]).not.toBe(ana.ids[0])

  // Its first self is forgotten by `$disconnect`.
  await happens(
    target.cloud.events,
    'item',
    ({ change, keys }) => change === 'REMOVE' && JSON.stringify(keys).includes(ana.ids[0]!),
  )
  expect(await say(person(), 'cellar', 'who is there?')).toEqual([{ data: { say: 1 } }])
  expect(await cellar.hears()).toEqual({ room: 'cellar', text: 'who is there?' })
})

test('A22: who offers only the old protocol is not let in', async () => {
  const old = new WebSocket(url, 'graphql-ws')
  const refused = await new Promise<Error>(resolve => old.once('error', resolve))
  expect(refused.message).toBe('Unexpected server response: 400')
})

test('the same client in Chromium, over its own WebSocket: subscribes to two rooms, asks, is pinged, and leaves', async () => {
  const { page } = chromium
  const visitor = await page.evaluateHandle(address => {
    let protocol = ''
    let id = ''
    const client = kit.createClient({ url: address, keepAlive: 100, lazyCloseTimeout: 60_000 })
    client.on('opened', socket => {
      protocol = (socket as WebSocket).protocol
    })
    client.on('connected', (_, payload) => {
      id = String(payload?.connectionId)
    })
    const ponged = new Promise<void>(resolve => {
      client.on('pong', received => {
        if (received) resolve()
      })
    })
    const enter = (room: string) =>
      client.iterate({
        query: 'subscription ($room: String!) { said(room: $room) { room text } }',
        variables: { room },
      })
    const rooms = new Map([
      ['roof', enter('roof')],
      ['pool', enter('pool')],
    ])
    return {
      hears: async (room: string) => (await rooms.get(room)!.next()).value?.data?.said,
      leave: (room: string) => rooms.get(room)!.return?.(),
      ask: async (query: string) => (await client.iterate({ query }).next()).value,
      protocol: () => protocol,
      id: () => id,
      ponged,
      bye: () => client.dispose(),
    }
  }, url)
  const hears = (room: string) => visitor.evaluate(({ hears }, room) => hears(room), room)

  expect(await hears('roof')).toEqual({ room: 'roof', text: 'welcome' })
  expect(await hears('pool')).toEqual({ room: 'pool', text: 'welcome' })
  expect(await visitor.evaluate(({ protocol }) => protocol())).toBe('graphql-transport-ws')

  const ben = person()
  expect(await say(ben, 'roof', 'nice view')).toEqual([{ data: { say: 1 } }])
  expect(await hears('roof')).toEqual({ room: 'roof', text: 'nice view' })
  expect(await visitor.evaluate(({ ask }) => ask('{ hello(name: "page") }'))).toEqual({
    data: { hello: 'Hello, page!' },
  })
  await visitor.evaluate(({ ponged }) => ponged)

  await visitor.evaluate(({ leave }) => leave('roof'))
  const id = await visitor.evaluate(({ id }) => id())
  const complete = await happens(
    target.cloud.events,
    'frame',
    ({ connectionId, routeKey }) => connectionId === id && routeKey === 'complete',
  )
  expect(Object.keys(JSON.parse(complete.text))).toEqual(['id', 'type'])
  await visitor.evaluate(({ bye }) => bye())
})
