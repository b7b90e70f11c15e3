import { WebSocket } from 'ws'
import { assert } from '../assert.ts'
import { unreachable } from '../grounds/http.ts'
import { byHand, postToSelf } from '../grounds/lifecycle.ts'
import { bare, plain } from '../grounds/plain.ts'
import { failing, guardedMessage, reservedKey, routing, validated } from '../grounds/routing.ts'
import { fact, type Row } from '../row.ts'
import type { Standing } from '../standing.ts'
import type { World } from '../world.ts'
import { assertErrorFrame } from './frames.ts'
import { assertRefused } from './refused.ts'

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

/** Section B: which route a message takes, and what happens to it when there is none. */
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
  fact(
    'B5',
    'M-L',
    'Numbers and booleans become their text: `{"action":1}` takes route `1`, `{"action":true}` route `true`',
    async world => {
      const up = await world.on(routing)
      assert.equal(await routeOf(up, 'Number', { action: 1 }), '1')
      assert.equal(await routeOf(up, 'Boolean', { action: true }), 'true')
    },
  ),
  fact(
    'B6',
    'H',
    'A message that is not JSON, lacks the key or names no route takes `$default`',
    async world => {
      const up = await world.on(routing)
      for (const message of ['hello', { other: 'join' }, { action: 'leave' }])
        assert.equal(await routeOf(up, 'Braces', message), '$default')
    },
  ),
  fact(
    'B7',
    'H',
    'Without a `$default` route that is a `Forbidden` frame; nothing is invoked, and the connection stays open',
    async world => {
      const up = await world.on(bare)
      const socket = await up.connect()
      const nonce = world.nonce()
      for (const message of [nonce, { other: 'ask', nonce }, { action: 'leave', nonce }]) {
        socket.send(message)
        assertErrorFrame(await socket.hears(), 'Forbidden')
      }
      const after = world.nonce()
      socket.send({ action: 'ask', do: { echo: true }, nonce: after })
      assert.equal((await socket.hearsJson()).requestContext.routeKey, 'ask')
      await up.saw(up.output('AskLogName'), after)
      assert.deepEqual(await up.lines(up.output('AskLogName'), nonce), [])
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
    'A function that fails or may not be invoked, a backend that is not there: `Internal server error`, and the connection stays open',
    async world => {
      const up = await world.on(plain)
      const socket = await up.connect()
      for (const order of [thrown, { exit: 1 }, { return: 'no proxy response' }]) {
        socket.send({ action: 'ask', do: order })
        assertErrorFrame(await socket.hears(), 'Internal server error')
      }
      assert.equal(socket.ws.readyState, WebSocket.OPEN)
      assert.ok(await up.ask(socket, { echo: true }))

      // Nobody listens at the one, nobody has the name of the other; AWS takes no address of its own host for a backend.
      const nobody = world.target === 'aws' ? 'http://nobody.invalid/' : 'http://127.0.0.1:1/'
      const others = [
        await (await world.on(failing)).connect(),
        await (await world.on(unreachable(nobody))).connect(),
      ]
      for (const [index, action] of ['notAllowed', 'unreachable'].entries()) {
        const other = others[index]!
        for (let times = 0; times < 2; times++) {
          other.send({ action })
          assertErrorFrame(await other.hears(), 'Internal server error')
        }
        assert.equal(other.ws.readyState, WebSocket.OPEN)
      }
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
      const impatient = { action: 'impatient', do: { hang: true } }
      assertErrorFrame(await answerTo(world, failing, impatient), 'Endpoint request timed out')
      const slow = { action: 'slow', do: { hang: true } }
      assertErrorFrame(await answerTo(world, failing, slow), 'Internal server error')
    },
    'Tried with a timeout of half a second; the 29 s are I24',
  ),
  fact('B14', 'M-H', 'The function that took too long runs on, and may still post', async world => {
    const socket = await (await world.on(failing)).connect()
    // On a busy machine half a second takes up to eight times as long.
    const wait = 5000
    socket.send({ action: 'impatient', do: { wait, call: [postToSelf('late')] } })
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
      await assertRefused(world, reservedKey, /\$mine|route ?key/i)
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
      // Longer than a second instance of the function takes to start on a slow machine.
      socket.send(answering('first', 4000))
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
    await assertRefused(
      world,
      guardedMessage('authorizationType'),
      /Currently, authorization is restricted to the \$connect route only/,
    )
    await assertRefused(world, guardedMessage('apiKeyRequired'), /api ?key/i)
  }),
]
