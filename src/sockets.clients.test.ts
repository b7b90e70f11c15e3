import { randomBytes } from 'node:crypto'
import { DeleteConnectionCommand } from '@aws-sdk/client-apigatewaymanagementapi'
import { WebSocketApi } from 'aws-cdk-lib/aws-apigatewayv2'
import { WebSocketLambdaAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers'
import { WebSocketLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { WebSocket as NodeWebSocket } from 'ws'
import { startGuardian } from './cloud/guardian.ts'
import { ground } from './conformance/ground.ts'
import { live, type PuppetOptions, puppet } from './conformance/grounds/parts.ts'
import type { Order } from './conformance/puppet.ts'
import type { Standing } from './conformance/standing.ts'
import { openAccount } from './conformance/world.ts'
import { comingBack, WHO_AM_I } from './selfproof/coming-back.ts'
import { happens } from './selfproof/happens.ts'
import { fromPage, type OpenPage, openPage } from './selfproof/page.ts'
import type { Sight, Watched } from './selfproof/watch.ts'
import { wiretap } from './selfproof/wiretap.ts'
import { type LocalTarget, localTarget } from './targets/local.ts'

declare const kit: typeof import('./selfproof/page-kit.ts')

/**
 * An API (output `Url`) whose `$connect` and whose two-way route `ask` do as they are told, and one (output `Guarded`) that
 * asks for a token in the query string. Nothing else has a route. Versions of one stack: whom `$connect` is told nothing
 * about, it answers with a status.
 */
const told = (statusCode: number) =>
  ground('told', stack => {
    const at = (id: string, options?: PuppetOptions) =>
      new WebSocketLambdaIntegration(id, puppet(stack, id, options))
    const api = new WebSocketApi(stack, 'Api', {
      connectRouteOptions: { integration: at('Connect', { do: { return: { statusCode } } }) },
    })
    api.addRoute('ask', { integration: at('Ask'), returnResponse: true })
    live(api)

    const guard = puppet(stack, 'Guard', { code: GUARD })
    const integration = at('Guarded')
    const guarded = new WebSocketApi(stack, 'GuardedApi', {
      connectRouteOptions: {
        integration,
        authorizer: new WebSocketLambdaAuthorizer('Authorizer', guard, {
          identitySource: ['route.request.querystring.token'],
        }),
      },
    })
    guarded.addRoute('ask', { integration, returnResponse: true })
    live(guarded, 'Guarded')
  })

const GUARD = `
exports.handler = async ({ methodArn, queryStringParameters: { token } }) => ({
  principalId: token,
  policyDocument: {
    Version: '2012-10-17',
    Statement: [{ Action: 'execute-api:Invoke', Effect: token === 'ana & ben ☂' ? 'Allow' : 'Deny', Resource: methodArn }],
  },
})
`

const guardian = startGuardian()
let target: LocalTarget
let chromium: OpenPage
let up: Standing
beforeAll(async () => {
  const root = guardian.temporaryFolder('wslab-house-sockets-')
  ;[chromium, target] = await Promise.all([openPage(), localTarget(guardian)])
  const { world } = openAccount({ target, root, another: 'one is enough' }).visit()
  up = await world.own(told(200))
})
afterAll(async () => {
  await chromium?.close()
  await up?.leave()
  await target?.stop()
  await guardian.stop()
})

/** What a page does: `new WebSocket(url, protocols)`. It leaves at the end of the test. */
async function open(to: string, query: Record<string, string> = {}, protocols: string[] = []) {
  const url = new URL(/^ws:/.test(to) ? to : up.output(to))
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value)
  const handle = await chromium.page.evaluateHandle(
    ([address, offered]) => {
      const socket = new WebSocket(address, offered)
      return { socket, watched: kit.watch(socket) }
    },
    [url.href, protocols] as const,
  )
  const watched = fromPage(await handle.evaluateHandle(({ watched }) => watched))
  onTestFinished(() => watched.close())
  return {
    ...watched,
    extensions: () => handle.evaluate(({ socket }) => socket.extensions),
    sendBytes: () => handle.evaluate(({ socket }) => socket.send(new TextEncoder().encode('{}'))),
  }
}

const order = (what: Order) => JSON.stringify({ action: 'ask', do: what })
const echoing = (protocol: string): Record<string, string> => ({
  do: JSON.stringify({ return: { statusCode: 200, headers: { 'Sec-WebSocket-Protocol': protocol } } }),
})
/** The statuses of all handshakes that were refused. */
const refusals = (): readonly number[] =>
  target.cloud.events
    .history()
    .flatMap(one => (one.kind === 'handshake' && one.status >= 400 ? one.status : []))
/** The connection id in an answer to WHO_AM_I. */
const idIn = (sight: Sight): string => {
  expect(sight).toHaveProperty('message')
  return JSON.parse(String((sight as { message: unknown }).message)).requestContext.connectionId
}
/** The id under which API Gateway knows a client. */
async function idOf(client: Watched): Promise<string> {
  await client.send(WHO_AM_I)
  return idIn(await client.next())
}

test('A22: a page gets the subprotocol that $connect has chosen of its list', async () => {
  const client = await open('Url', echoing('chat.v2'), ['chat.v1', 'chat.v2'])
  expect(await client.next()).toEqual({ open: 'chat.v2' })
  const connect = await up.saw(up.output('ConnectLogName'), 'chat.v1')
  expect(connect.headers['Sec-WebSocket-Protocol']).toBe('chat.v1, chat.v2')
})

test('A23: where $connect echoes none, or one that was not offered, a page sees an error and 1006', async () => {
  const failed = [{ error: true }, { close: 1006, reason: '', wasClean: false }]
  const unanswered = await open('Url', { why: 'not echoed' }, ['chat.v1'])
  expect([await unanswered.next(), await unanswered.next()]).toEqual(failed)
  const another = await open('Url', echoing('soup'), ['chat.v1'])
  expect([await another.next(), await another.next()]).toEqual(failed)
  const unasked = await open('Url', echoing('chat.v1'))
  expect([await unasked.next(), await unasked.next()]).toEqual(failed)

  // To API Gateway it was a connection, and one that broke.
  const { requestContext } = await up.saw(up.output('ConnectLogName'), 'not echoed')
  const { code } = await happens(
    target.cloud.events,
    'close',
    ({ connectionId }) => connectionId === requestContext.connectionId,
  )
  expect(code).toBe(1006)
})

test('F20: a token in the query string opens the door for a page; a wrong one, or none, is 1006 to it', async () => {
  const ana = await open('Guarded', { token: 'ana & ben ☂' })
  expect(await ana.next()).toEqual({ open: '' })
  await ana.send(order({ echo: true }))
  const answer = (await ana.next()) as { message: string }
  expect(JSON.parse(answer.message).requestContext.authorizer.principalId).toBe('ana & ben ☂')

  const before = refusals().length
  for (const query of [{ token: 'mallory' }, {}]) {
    const refused = await open('Guarded', query)
    expect([await refused.next(), await refused.next()]).toEqual([
      { error: true },
      { close: 1006, reason: '', wasClean: false },
    ])
  }
  expect(refusals().slice(before)).toEqual([403, 401])
})

test('A21, G4: a page compresses; 32 KB are answered however well they do, and one byte more closes with 1009', async () => {
  const tap = await wiretap(up.output('Url'))
  onTestFinished(tap.close)
  const client = await open(tap.url)
  expect(await client.next()).toEqual({ open: '' })
  expect(await client.extensions()).toMatch(/^permessage-deflate/)

  const exactly = (length: number, filling: string) => {
    const head = `{"action":"ask","do":{"return":{"statusCode":200,"body":"heard"}},"more":"`
    return `${head}${filling.slice(0, length - head.length - 2)}"}`
  }
  const even = 'x'.repeat(40_000)
  const before = tap.there
  await client.send(exactly(32 * 1024, even))
  expect(await client.next()).toEqual({ message: 'heard' })
  expect(tap.there - before).toBeLessThan(1024)
  await client.send(exactly(32 * 1024, randomBytes(30_000).toString('base64')))
  expect(await client.next()).toEqual({ message: 'heard' })

  // And back: a message for a client may be longer than a frame of its own, and comes in one piece.
  const back = tap.back
  await client.send(exactly(32 * 1024, even).replace(/"return":\{.*?\}/, '"echo":true'))
  const { message } = (await client.next()) as { message: string }
  expect(message.length).toBeGreaterThan(32 * 1024)
  expect(JSON.parse(message).body).toContain(even.slice(0, 32_000))
  expect(tap.back - back).toBeLessThan(4096)

  await client.send(exactly(32 * 1024 + 1, even))
  expect(await client.next()).toEqual({ close: 1009, reason: '', wasClean: true })
})

test('A35, C22: a page sees 1001 when it was idle, and 1003 when it has sent bytes', async () => {
  const idle = await open('Url')
  expect(await idle.next()).toEqual({ open: '' })
  up.advance(10 * 60 * 1000)
  expect(await idle.next()).toEqual({ close: 1001, reason: 'Going away', wasClean: true })

  const binary = await open('Url')
  expect(await binary.next()).toEqual({ open: '' })
  await binary.sendBytes()
  expect(await binary.next()).toEqual({ close: 1003, reason: '', wasClean: true })
})

test('B7, B9, B10: an error frame of the gateway is to a page a message as any other, and the connection stays', async () => {
  const client = await open('Url')
  expect(await client.next()).toEqual({ open: '' })
  const connectionId = await idOf(client)
  const frame = (words: string) => ({
    message: expect.stringMatching(
      new RegExp(
        `^\\{"message": "${words}", "connectionId":"${connectionId}", "requestId":"[\\w+/=-]{10,}"\\}$`,
      ),
    ),
  })
  await client.send('{"action":"nowhere"}')
  expect(await client.next()).toEqual(frame('Forbidden'))
  await client.send(order({ throw: { message: 'oh' } }))
  expect(await client.next()).toEqual(frame('Internal server error'))
  expect(await idOf(client)).toBe(connectionId)
})

test('I33: to send before it is open is an InvalidStateError, and does not hinder the opening', async () => {
  const outcome = await chromium.page.evaluate(async address => {
    const socket = new WebSocket(address)
    const watched = kit.watch(socket)
    let thrown: unknown
    try {
      socket.send('too early')
    } catch (error) {
      thrown = error
    }
    const { name } = thrown as Error
    const seen = await watched.next()
    socket.close()
    return { name, seen }
  }, up.output('Url'))
  expect(outcome).toEqual({ name: 'InvalidStateError', seen: { open: '' } })
})

/** reconnecting-websocket, in the two places where it is used. */
const comers: readonly (readonly [string, (url: string) => Promise<Watched>])[] = [
  ['ws in Node', async url => comingBack(url, { WebSocket: NodeWebSocket })],
  [
    'Chromium',
    async url => fromPage(await chromium.page.evaluateHandle(address => kit.comingBack(address), url)),
  ],
]

/** Opens one. It leaves at the end of the test. */
async function stays(make: (url: string) => Promise<Watched>): Promise<Watched> {
  const client = await make(up.output('Url'))
  onTestFinished(() => client.close())
  return client
}

test.for(comers)(
  'A33: %s: a client whose connection is deleted comes back under another id, with what it said meanwhile',
  async ([, make]) => {
    const client = await stays(make)
    expect(await client.next()).toEqual({ open: '' })
    const first = await idOf(client)

    await up.management().send(new DeleteConnectionCommand({ ConnectionId: first }))
    expect(await client.next()).toEqual({
      close: 1000,
      reason: 'Connection Closed Normally',
      wasClean: true,
    })
    expect(await client.next()).toEqual({ open: '' })
    expect(idIn(await client.next())).not.toBe(first)
    await expect(
      up.management().send(new DeleteConnectionCommand({ ConnectionId: first })),
    ).rejects.toMatchObject({ name: 'GoneException' })
  },
)

test.for(comers)(
  'A35: %s: a client that was idle for ten minutes is closed with 1001, and comes back',
  async ([, make]) => {
    const client = await stays(make)
    expect(await client.next()).toEqual({ open: '' })
    const first = await idOf(client)

    up.advance(10 * 60 * 1000)
    expect(await client.next()).toEqual({ close: 1001, reason: 'Going away', wasClean: true })
    expect(await client.next()).toEqual({ open: '' })
    expect(idIn(await client.next())).not.toBe(first)
  },
)

test.for(comers.flatMap(([where, make]) => [403, 500].map(status => [where, status, make] as const)))(
  'A8: %s: a client that is refused with %d goes on knocking until it is let in, and what it said arrives',
  async ([, status, make]) => {
    await up.update(told(status))
    const before = refusals().length
    const client = await stays(make)
    let closings = 0
    const isAway = async () => {
      const seen = await client.next()
      if ('close' in seen) closings++
      return !('open' in seen)
    }
    while (closings < 2) expect(await isAway()).toBe(true)
    await up.update(told(200))

    while (await isAway());
    for (let answers = 0; answers < closings; answers++) idIn(await client.next())
    expect(refusals().slice(before)).toEqual(Array(closings).fill(status))
  },
)
