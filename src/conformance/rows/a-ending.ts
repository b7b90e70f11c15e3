import { DeleteConnectionCommand, PostToConnectionCommand } from '@aws-sdk/client-apigatewaymanagementapi'
import { WebSocket } from 'ws'
import { assert } from '../assert.ts'
import { authorized, policy } from '../grounds/authorized.ts'
import { guarded } from '../grounds/guarded.ts'
import { backedByHttp } from '../grounds/http.ts'
import { byHand, farewells } from '../grounds/lifecycle.ts'
import { plain } from '../grounds/plain.ts'
import { fact, type Row } from '../row.ts'
import type { Standing } from '../standing.ts'

import { idOf } from './people.ts'

/** In milliseconds. */
const MINUTE = 60_000

/** Section A, from A30: how a connection lives on, and how it ends. */
export const endings: readonly Row[] = [
  fact(
    'A30',
    'H',
    '`$disconnect` runs after the close, no matter which side closed; nobody sees what it returns or throws',
    async world => {
      const up = await world.on(farewells)
      const first = await up.connect('Throws')
      const second = await up.connect('Throws')
      const ids = [await idOf(up, first), await idOf(up, second)]
      first.ws.close(1000)
      await up.management('Throws').send(new DeleteConnectionCommand({ ConnectionId: ids[1] }))
      for (const id of ids) {
        const event = await up.saw(up.output('ThrowsDisconnectLogName'), id!)
        assert.equal(event.requestContext.eventType, 'DISCONNECT')
      }
      for (const socket of [first, second]) {
        assert.equal((await socket.closed()).code, 1000)
        await socket.hasHeardNothing()
      }
    },
  ),
  fact('A31', 'H', 'Posting to the one who left from `$disconnect`: 410', async world => {
    const up = await world.on(farewells)
    const socket = await up.connect('Posts')
    const id = await idOf(up, socket)
    socket.ws.close()
    await up.saw(up.output('PostsDisconnectLogName'), id)
    const [ended] = await up.called(up.output('PostsDisconnectLogName'), id)
    assert.equal(ended?.error?.name, 'GoneException')
  }),
  fact('A32', 'M', 'If `$connect` refused, `$disconnect` is not run', async world => {
    const up = await world.on(plain)
    const nonce = world.nonce()
    await up.knock('Url', { query: { nonce, do: { return: { statusCode: 403 } } } })
    const { requestContext } = await up.saw(up.output('ConnectLogName'), nonce)
    await up.settled()
    assert.deepEqual(await up.lines(up.output('DisconnectLogName'), requestContext.connectionId), [])
  }),
  fact(
    'A33',
    'H',
    'DELETE runs `$disconnect` with 1000, `Connection Closed Normally`, and the authorizer context',
    async world => {
      const up = await world.on(authorized)
      const socket = await up.connect('Url', {
        query: { auth: policy('Allow', { context: { room: 'blue' } }) },
      })
      const id = await idOf(up, socket)
      await up.management().send(new DeleteConnectionCommand({ ConnectionId: id }))
      const { requestContext } = await up.saw(up.output('DisconnectLogName'), id)
      assert.equal(requestContext.disconnectStatusCode, 1000)
      assert.equal(requestContext.disconnectReason, 'Connection Closed Normally')
      assert.equal(requestContext.authorizer.room, 'blue')
      assert.equal((await socket.closed()).code, 1000)
    },
    "The client's own close code, 1000, was not captured",
  ),
  fact('A34', 'H', 'DELETE takes no close code or reason', async world => {
    const up = await world.on(plain)
    const socket = await up.connect()
    const id = await idOf(up, socket)
    const client = up.management()
    client.middlewareStack.add(
      next => args => {
        ;(args.request as { query: object }).query = { code: '4001', reason: 'mine' }
        return next(args)
      },
      { step: 'build' },
    )
    await client.send(new DeleteConnectionCommand({ ConnectionId: id }))
    const { code, reason } = await socket.closed()
    assert.notEqual(code, 4001)
    assert.notEqual(reason, 'mine')
  }),
  fact('A35', 'H', 'Ten minutes without a message: the server closes with 1001 `Going away`', async world => {
    const up = await (await world.alone()).own(plain)
    const socket = await up.connect()
    const id = await idOf(up, socket)
    up.advance(10 * MINUTE - 1)
    assert.ok(await up.ask(socket, { echo: true }))
    up.advance(10 * MINUTE)
    assert.deepEqual(await socket.closed(), { code: 1001, reason: 'Going away' })
    const { requestContext } = await up.saw(up.output('DisconnectLogName'), id)
    assert.equal(requestContext.disconnectStatusCode, 1001)
    assert.equal(requestContext.disconnectReason, 'Going away')
  }),
  fact('A36', 'H', 'Two hours are the longest life, of a busy connection too: 1001', async world => {
    const up = await (await world.alone()).own(plain)
    const socket = await up.connect()
    for (let minutes = 0; minutes < 119; minutes += 7) {
      assert.ok(await up.ask(socket, { echo: true }))
      up.advance(7 * MINUTE)
    }
    assert.ok(await up.ask(socket, { echo: true }))
    up.advance(MINUTE)
    assert.equal((await socket.closed()).code, 1001)
  }),
  fact('A37', 'H', 'A message in either direction begins the ten minutes anew', async world => {
    const up = await (await world.alone()).own(plain)
    const socket = await up.connect()
    const id = await idOf(up, socket)
    for (let rounds = 0; rounds < 3; rounds++) {
      up.advance(9.5 * MINUTE)
      await up.management().send(new PostToConnectionCommand({ ConnectionId: id, Data: 'still there?' }))
      assert.equal(await socket.hears(), 'still there?')
    }
    for (let rounds = 0; rounds < 3; rounds++) {
      up.advance(9.5 * MINUTE)
      const nonce = world.nonce()
      socket.send({ action: 'do', nonce })
      await up.saw(up.output('MessageLogName'), nonce)
    }
    await socket.hasHeardNothing()
    assert.equal(socket.ws.readyState, WebSocket.OPEN)
  }),
  fact('A38', 'L', 'A ping of the client is not a message: the ten minutes go on', async world => {
    const up = await (await world.alone()).own(plain)
    const socket = await up.connect()
    up.advance(9 * MINUTE)
    await socket.hasHeardNothing()
    up.advance(2 * MINUTE)
    assert.equal((await socket.closed()).code, 1001)
  }),
  fact(
    'A39',
    'H',
    'Close codes: 1001 idle, 1003 binary, 1005 none given, 1006 cut off, 1009 too big',
    async world => {
      const up = await world.on(plain)
      const ends: readonly [number, (socket: WebSocket) => void][] = [
        [1003, ws => ws.send(Buffer.from([1, 2, 3]))],
        [1005, ws => ws.close()],
        [1006, ws => ws.terminate()],
        [1009, ws => ws.send('x'.repeat(40_000))],
      ]
      for (const [code, end] of ends) {
        const socket = await up.connect()
        const id = await idOf(up, socket)
        end(socket.ws)
        if (code === 1003 || code === 1009) assert.equal((await socket.closed()).code, code)
        const { requestContext } = await up.saw(up.output('DisconnectLogName'), id)
        assert.equal(requestContext.disconnectStatusCode, code)
      }
    },
    '1001 is A35; 1008, 1011 and 1012 cannot be provoked from outside',
  ),
  fact(
    'A40',
    'H',
    '`close()` without a code: `$disconnect` is told 1005, `Client-side close frame status not set`',
    async world => {
      const told = await toldAfter(await world.on(plain), ws => ws.close())
      assert.deepEqual(told, [1005, 'Client-side close frame status not set'])
    },
  ),
  fact(
    'A41',
    'H',
    'A tab that closes says 1001: `$disconnect` is told 1001 and an empty reason',
    async world => {
      assert.deepEqual(await toldAfter(await world.on(plain), ws => ws.close(1001)), [1001, ''])
    },
  ),
  fact('A42', 'M', "A client's own code and reason are handed on", async world => {
    const up = await world.on(plain)
    assert.deepEqual(await toldAfter(up, ws => ws.close(4000, 'x')), [4000, 'x'])
    assert.deepEqual(await toldAfter(up, ws => ws.close(1000, 'bye')), [1000, 'bye'])
  }),
  fact(
    'A43',
    'M-H',
    'A line that dies silently is noticed late: its id answers 200 at first, later 410',
    async world => {
      const up = await (await world.alone()).own(plain)
      const socket = await up.connect()
      const id = await idOf(up, socket)
      // From now on nothing that is sent is read, and nothing is answered: as if the cable were out.
      socket.ws.pause()
      const post = new PostToConnectionCommand({ ConnectionId: id, Data: 'are you there?' })
      await up.management().send(post)
      assert.deepEqual(await up.lines(up.output('DisconnectLogName'), id), [])
      up.advance(11 * MINUTE)
      await assert.rejects(up.management().send(post), { name: 'GoneException' })
    },
  ),
  fact('A44', 'L', 'The reason that comes with 1003, 1006 and 1009 is a text', async world => {
    const up = await world.on(plain)
    for (const end of [
      (ws: WebSocket) => ws.terminate(),
      (ws: WebSocket) => ws.send(Buffer.from([1])),
      (ws: WebSocket) => ws.send('x'.repeat(40_000)),
    ]) {
      const [, reason] = await toldAfter(up, end)
      assert.equal(typeof reason, 'string')
    }
  }),
  fact('A45', 'H', 'Connections outlive a deployment, and their next messages use it', async world => {
    const up = await world.own(byHand({ deployment: 'One' }))
    const socket = await up.connect()
    socket.send({ action: 'extra' })
    assert.match(await socket.hears(), /"Forbidden"/)
    await up.update(byHand({ deployment: 'Two', extra: true }))
    await up.eventually('answer from the new deployment', async () => {
      socket.send({ action: 'extra' })
      await up.settled()
      return socket.hasHeardNothing().then(
        () => true,
        async () => {
          await socket.hears()
          return undefined
        },
      )
    })
    assert.equal(socket.ws.readyState, WebSocket.OPEN)
  }),
  fact(
    'A46',
    'H',
    'Taking an authorizer away, or putting one in, does nothing to who is connected',
    async world => {
      const up = await world.own(guarded({ by: 'Allow' }))
      const socket = await up.connect()
      await up.update(guarded({ by: 'Deny' }))
      await up.eventually('refusal by the new authorizer', async () =>
        (await up.knock()).status === 403 ? true : undefined,
      )
      assert.ok(await up.ask(socket, { echo: true }))
    },
  ),
  fact(
    'A47',
    'H',
    'A `connectionId` is opaque: base64 with `=` at the end, to be URL-encoded',
    async world => {
      const up = await world.on(plain)
      const socket = await up.connect()
      const id = await idOf(up, socket)
      assert.match(id, /^[\w-]{15,}={1,2}$/)
      await up.management().send(new PostToConnectionCommand({ ConnectionId: id, Data: 'you' }))
      assert.equal(await socket.hears(), 'you')
    },
  ),
  fact(
    'A48',
    'M',
    'An HTTP integration on `$connect` passes `Sec-WebSocket-*` on; a backend that minds refuses until `Sec-WebSocket-Version` is set to `0`',
    async world => {
      const seen: (string | undefined)[] = []
      const backend = await world.backend((request, response) => {
        const version = request.headers['sec-websocket-version']
        seen.push(version?.toString())
        response.writeHead(version === '13' ? 400 : 200).end()
      })
      const up = await world.own(backedByHttp(backend))
      assert.equal((await up.knock('Passing')).status, 400)
      assert.equal((await up.knock('Cured')).status, 101)
      assert.deepEqual(seen, ['13', '0'])
    },
  ),
  fact('A49', 'M-H', 'No `Origin` is refused; the handler sees it', async world => {
    const up = await world.on(plain)
    const nonce = world.nonce()
    const headers = { Origin: 'https://somewhere-else.example' }
    assert.equal((await up.knock('Url', { headers, query: { nonce } })).status, 101)
    assert.equal((await up.saw(up.output('ConnectLogName'), nonce)).headers.Origin, headers.Origin)
  }),
  fact(
    'A50',
    'H',
    'Switching the default endpoint off takes a deployment; then it answers 403',
    async world => {
      const up = await world.own(byHand({ deployment: 'One' }))
      await up.update(byHand({ deployment: 'One', disabled: true }))
      assert.equal((await up.knock()).status, 101)
      await up.update(byHand({ deployment: 'Two', disabled: true }))
      await up.eventually('refusal', async () => ((await up.knock()).status === 403 ? true : undefined))
    },
    'The status is that of REST APIs',
  ),
]

/** Code and reason in the `$disconnect` event after a client has ended its connection. */
async function toldAfter(up: Standing, end: (ws: WebSocket) => void): Promise<[number, string]> {
  const socket = await up.connect()
  const id = await idOf(up, socket)
  end(socket.ws)
  const { requestContext } = await up.saw(up.output('DisconnectLogName'), id)
  return [requestContext.disconnectStatusCode, requestContext.disconnectReason]
}
