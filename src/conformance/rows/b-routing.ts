import assert from 'node:assert/strict'
import { WebSocket } from 'ws'
import { byHand, postToSelf } from '../grounds/lifecycle.ts'
import { bare, plain } from '../grounds/plain.ts'
import { failing, guardedMessage, reservedKey, routing, validated } from '../grounds/routing.ts'
import { fact, type Row } from '../row.ts'
import type { Standing } from '../standing.ts'
import type { World } from '../world.ts'
import { assertErrorFrame } from './frames.ts'

/** The route that a message takes, by an API of `routing`. */
const routeOf = async (up: Standing, api: string, message: unknown): Promise<string> => {
  const socket = await up.connect(api)
  socket.send(message)
  return (await socket.hearsJson()).requestContext.routeKey
}

/** What an API answers to one message. */
async function answerTo(world: World, ground: typeof plain, message: unknown, to = 'Url'): Promise<string> {
  const socket = await (await world.on(ground)).connect(to)
  socket.send(message)
  return socket.hears()
}

const thrown = { throw: { message: 'on purpose' } }

/** Section B: which route a message takes, and what becomes of it when none does. */
export const routes: readonly Row[] = [
  fact(
    'B1',
    'H',
    'Expressions: `$request.body.x`, `${request.body.x}`, several joined, a fixed text',
    async world => {
      const up = await world.on(routing)
      assert.equal(await routeOf(up, 'Odd', { action: 'say it / loud!' }), 'say it / loud!')
      assert.equal(await routeOf(up, 'Braces', { action: 'join' }), 'join')
      assert.equal(await routeOf(up, 'Joined', { service: 'chat', action: 'join' }), 'chat/join')
      assert.equal(await routeOf(up, 'Fixed', 'whatever'), 'always')
    },
  ),
  fact('B2', 'H', 'A path goes as deep as it likes: `$request.body.a.b`', async world => {
    const up = await world.on(routing)
    assert.equal(await routeOf(up, 'Nested', { a: { b: 'deep' } }), 'deep')
  }),
  fact('B3', 'H', 'A path that leads nowhere is the empty text', async world => {
    const up = await world.on(routing)
    assert.equal(await routeOf(up, 'Missing', { action: 'join' }), 'join-')
  }),
  fact(
    'B4',
    'H',
    'The result is a text, compared exactly, looked up once; a list becomes `[item1, item2]`',
    async world => {
      const up = await world.on(routing)
      assert.equal(await routeOf(up, 'Braces', { action: 'Join' }), '$default')
      assert.equal(await routeOf(up, 'Braces', { action: '${request.body.b}', b: 'join' }), '$default')
      assert.equal(await routeOf(up, 'List', { action: ['item1', 'item2'] }), '[item1, item2]')
    },
  ),
  fact('B5', 'M-L', 'A number becomes its text: `{"action":1}` takes route `1`', async world => {
    assert.equal(await routeOf(await world.on(routing), 'Number', { action: 1 }), '1')
  }),
  fact('B6', 'H', 'What is no JSON, lacks the key or asks for no route takes `$default`', async world => {
    const up = await world.on(routing)
    for (const message of ['hello', { other: 'join' }, { action: 'leave' }])
      assert.equal(await routeOf(up, 'Braces', message), '$default')
  }),
  fact(
    'B7',
    'H',
    'Without a `$default` route that is a `Forbidden` frame; the connection stays open',
    async world => {
      const up = await world.on(bare)
      const socket = await up.connect()
      for (const message of ['hello', { other: 'ask' }, { action: 'leave' }]) {
        socket.send(message)
        assertErrorFrame(await socket.hears(), 'Forbidden')
      }
      assert.ok(await up.ask(socket, { echo: true }))
    },
  ),
  fact(
    'B8',
    'H',
    "The bytes of the gateway's own frames: spaces after `message` and the commas only",
    async world => {
      const frame = await answerTo(world, bare, { action: 'leave' })
      const { connectionId, requestId } = JSON.parse(frame)
      assert.equal(
        frame,
        `{"message": "Forbidden", "connectionId":"${connectionId}", "requestId":"${requestId}"}`,
      )
      assertErrorFrame(frame, 'Forbidden')
    },
  ),
  fact(
    'B9',
    'H',
    'Such a frame is text like any message, and has neither `action` nor `type`',
    async world => {
      const frame = JSON.parse(await answerTo(world, bare, { action: 'leave' }))
      assert.deepEqual(Object.keys(frame), ['message', 'connectionId', 'requestId'])
    },
  ),
  fact(
    'B10',
    'H',
    'A function that fails: `Internal server error`, and the connection stays open',
    async world => {
      const up = await world.on(plain)
      const socket = await up.connect()
      for (const order of [thrown, { exit: 1 }, { return: 'no proxy response' }]) {
        socket.send({ action: 'ask', do: order })
        assertErrorFrame(await socket.hears(), 'Internal server error')
      }
      assert.equal(socket.ws.readyState, WebSocket.OPEN)
      assert.ok(await up.ask(socket, { echo: true }))
    },
  ),
  fact('B11', 'H', 'That frame is sent on one-way routes too', async world => {
    assertErrorFrame(await answerTo(world, plain, { action: 'do', do: thrown }), 'Internal server error')
  }),
  fact('B12', 'L-M', 'A function that is throttled: the same frame', async world => {
    assertErrorFrame(await answerTo(world, failing, { action: 'busy' }), 'Internal server error')
  }),
  fact(
    'B13',
    'H',
    "An integration that takes longer than its timeout: `Endpoint request timed out`; a function's own timeout: `Internal server error`",
    async world => {
      const alone = await world.alone()
      const up = await alone.own(plain)
      const socket = await up.connect()
      const nonce = world.nonce()
      socket.send({ action: 'do', do: { hang: true }, nonce })
      await up.saw(up.output('MessageLogName'), nonce)
      up.advance(29_000)
      assertErrorFrame(await socket.hears(), 'Endpoint request timed out')
      const slow = { action: 'slow', do: { hang: true } }
      assertErrorFrame(await answerTo(world, failing, slow), 'Internal server error')
    },
  ),
  fact('B14', 'M-H', 'The function that took too long runs on, and may still post', async world => {
    const up = await (await world.alone()).own(plain)
    const socket = await up.connect()
    const nonce = world.nonce()
    socket.send({ action: 'do', do: { wait: 1500, call: [postToSelf('late')] }, nonce })
    await up.saw(up.output('MessageLogName'), nonce)
    up.advance(29_000)
    assertErrorFrame(await socket.hears(), 'Endpoint request timed out')
    assert.equal(await socket.hears(), 'late')
  }),
  fact('B15', 'H', 'A message that does not fit its model: `Invalid request body`', async world => {
    const up = await world.on(validated)
    const socket = await up.connect('WithDefault')
    socket.send({ action: 'ask', kind: 'a' })
    assertErrorFrame(await socket.hears(), 'Invalid request body')
    socket.send({ action: 'ask', kind: 'a', x: 'here', do: { echo: true } })
    assert.equal((await socket.hearsJson()).requestContext.routeKey, 'ask')
  }),
  fact(
    'B16',
    'H',
    'The model is selected by key, else the one of `$default`; without that the message fails. JSON Schema draft 4; proxy or not',
    async world => {
      const up = await world.on(validated)
      const socket = await up.connect('WithDefault')
      const fits = async (message: object) => {
        socket.send({ action: 'ask', do: { echo: true }, ...message })
        return (await socket.hears()).includes('"eventType"')
      }
      assert.equal(await fits({ kind: 'other', x: 'here' }), false)
      assert.equal(await fits({ kind: 'other', y: 'here' }), true)
      // Draft 4: exclusiveMinimum is a boolean that goes with minimum.
      assert.equal(await fits({ kind: 'a', x: 'here', age: 0 }), false)
      assert.equal(await fits({ kind: 'a', x: 'here', age: 1 }), true)
      const without = await up.connect('WithoutDefault')
      without.send({ action: 'ask', kind: 'other', x: 'here', y: 'here' })
      assertErrorFrame(await without.hears(), 'Invalid request body')
      const mock = await up.connect('Mock')
      mock.send({ action: 'ask', kind: 'a' })
      assertErrorFrame(await mock.hears(), 'Invalid request body')
    },
  ),
  fact(
    'B17',
    'M-H',
    'A route key may be any text, but only the three lifecycle keys begin with `$`',
    async world => {
      const up = await world.on(routing)
      assert.equal(await routeOf(up, 'Odd', { action: 'say it / loud!' }), 'say it / loud!')
      await world.refused(reservedKey)
    },
  ),
  fact('B18', 'L', 'A client that asks for `$connect` or `$disconnect` gets `$default`', async world => {
    const up = await world.on(plain)
    for (const action of ['$connect', '$disconnect']) {
      const socket = await up.connect()
      const nonce = world.nonce()
      socket.send({ action, nonce })
      const event = await up.saw(up.output('MessageLogName'), nonce)
      assert.equal(event.requestContext.routeKey, '$default')
    }
  }),
  fact(
    'B19',
    'H',
    'Messages of one connection are handled at the same time: answers may overtake',
    async world => {
      const up = await world.on(plain)
      const socket = await up.connect()
      const answering = (body: string, wait: number) => ({
        action: 'ask',
        do: { wait, return: { statusCode: 200, body } },
      })
      socket.send(answering('first', 1500))
      socket.send(answering('second', 0))
      assert.equal(await socket.hears(), 'second')
      assert.equal(await socket.hears(), 'first')
    },
  ),
  fact('B20', 'H', 'A route that was added without a deployment is not there', async world => {
    const up = await world.own(byHand({ deployment: 'One' }))
    await up.update(byHand({ deployment: 'One', extra: true }))
    const socket = await up.connect()
    socket.send({ action: 'extra' })
    assertErrorFrame(await socket.hears(), 'Forbidden')
  }),
  fact('B21', 'M', 'An empty message takes `$default`', async world => {
    assert.equal(await routeOf(await world.on(routing), 'Braces', ''), '$default')
  }),
  fact('B22', 'M', 'A list, a text or a number for a body takes `$default`', async world => {
    const up = await world.on(routing)
    for (const message of ['["join"]', '"join"', '7', 'null'])
      assert.equal(await routeOf(up, 'Braces', message), '$default')
  }),
  fact('B23', 'L', '`$request.body[2]` takes some route', async world => {
    const route = await routeOf(await world.on(routing), 'Index', ['first', 'second', 'third'])
    assert.ok(['third', '$default'].includes(route))
  }),
  fact('B24', 'L', 'A route without an integration: `Internal server error`', async world => {
    assertErrorFrame(await answerTo(world, failing, { action: 'aimless' }), 'Internal server error')
  }),
  fact('B25', 'H', 'No route but `$connect` can ask for an API key or authorization', async world => {
    assert.match(
      (await world.refused(guardedMessage('authorizationType'))).message,
      /Currently, authorization is restricted to the \$connect route only/,
    )
    await world.refused(guardedMessage('apiKeyRequired'))
  }),
]
