import { connect as connectTls } from 'node:tls'
import { PostToConnectionCommand } from '@aws-sdk/client-apigatewaymanagementapi'
import type { WebSocket } from 'ws'
import { assert } from '../assert.ts'
import { authorized, policy } from '../grounds/authorized.ts'
import { subprotocolSample } from '../grounds/guarded.ts'
import { notAllowed, postToSelf, throttled, undeployed, unloadable } from '../grounds/lifecycle.ts'
import { bare, plain } from '../grounds/plain.ts'
import { fact, type Row } from '../row.ts'
import type { Standing } from '../standing.ts'
import { awsAddress } from './address.ts'

/** In milliseconds. */
const SECOND = 1000
const _MINUTE = 60 * SECOND

/** Section A, to A29: how a connection comes about. */
export const handshakes: readonly Row[] = [
  fact(
    'A1',
    'H',
    'The address is `wss://{apiId}.execute-api.{region}.amazonaws.com/{stage}`; a slash after the stage is accepted',
    async world => {
      const up = await world.on(plain)
      const { url, headers } = awsAddress(up, up.output('ApiId'), 'live')
      assert.equal((await up.knock(url, { headers })).status, 101)
      assert.equal((await up.knock(`${url}/`, { headers })).status, 101)
      assert.equal((await up.knock(`${up.output('Url')}/`)).status, 101)
    },
  ),
  fact(
    'A2',
    'H',
    'TLS 1.2 and 1.3 only',
    async world => {
      const up = await world.on(plain)
      const { url } = awsAddress(up, up.output('ApiId'), 'live')
      assert.equal(await tlsVersion(url, 'TLSv1.2'), 'TLSv1.2')
      assert.equal(await tlsVersion(url, 'TLSv1.3'), 'TLSv1.3')
      assert.equal(await tlsVersion(url, 'TLSv1.1'), undefined)
    },
    'That AWS offers no plain `ws://` is less sure, and not so here: every API has a `ws://localhost:PORT` besides',
  ),
  fact(
    'A3',
    'H',
    'The connect URL may have at most 4,096 characters',
    async world => {
      const up = await world.on(bare)
      assert.equal((await up.knock('Url', { query: { long: 'x'.repeat(3900) } })).status, 101)
      assert.ok((await up.knock('Url', { query: { long: 'x'.repeat(4096) } })).status >= 400)
    },
    'Which characters count, and the status of the refusal, 414, are assumed',
  ),
  fact('A4', 'H', 'Without a `$connect` route everybody may come in', async world => {
    const up = await world.on(bare)
    assert.equal((await up.knock()).status, 101)
  }),
  fact('A5', 'H', 'The 101 is sent only when the `$connect` integration has finished', async world => {
    const up = await world.on(plain)
    const started = performance.now()
    await up.connect('Url', { query: { do: { wait: 500 } } })
    assert.ok(performance.now() - started >= 490)
  }),
  fact(
    'A6',
    'H',
    '`$connect` and `$disconnect` are picked by the kind of event, not by the expression',
    async world => {
      const up = await world.on(plain)
      const nonce = world.nonce()
      const socket = await up.connect('Url', { query: { action: 'ask', nonce } })
      const connected = await up.saw(up.output('ConnectLogName'), nonce)
      assert.equal(connected.requestContext.routeKey, '$connect')
      socket.ws.close()
      const left = await up.saw(up.output('DisconnectLogName'), connected.requestContext.connectionId)
      assert.equal(left.requestContext.routeKey, '$disconnect')
    },
  ),
  fact('A7', 'H', 'Any 2xx of `$connect` connects', async world => {
    const up = await world.on(plain)
    for (const statusCode of [200, 201, 204]) assert.equal(await answered(up, statusCode), 101)
  }),
  fact(
    'A8',
    'H',
    'Any other status of `$connect` refuses the handshake with exactly that status',
    async world => {
      const up = await world.on(plain)
      for (const statusCode of [301, 400, 401, 403, 500, 501])
        assert.equal(await answered(up, statusCode), statusCode)
      await assert.rejects(
        up.connect('Url', { query: { do: { return: { statusCode: 401 } } } }),
        /^Error: Unexpected server response: 401$/,
      )
    },
  ),
  fact(
    'A9',
    'H',
    'Of the `$connect` response only `Sec-WebSocket-Protocol` reaches the client; 101 is not the function’s to return',
    async world => {
      const up = await world.on(plain)
      const headers = { 'X-Mine': 'secret', 'Sec-WebSocket-Protocol': 'chat' }
      const order = { return: { statusCode: 200, headers, body: 'hello' } }
      const { status, headers: seen } = await up.knock('Url', { protocols: ['chat'], query: { do: order } })
      assert.equal(status, 101)
      assert.equal(seen['sec-websocket-protocol'], 'chat')
      assert.equal(seen['x-mine'], undefined)
      const socket = await up.connect('Url', { protocols: ['chat'], query: { do: order } })
      await up.settled()
      await socket.hasHeardNothing()
      const refused = await up.knock('Url', {
        query: { do: { return: { statusCode: 401, headers, body: 'hello' } } },
      })
      assert.equal(refused.status, 401)
      assert.equal(refused.headers['x-mine'], undefined)
      assert.doesNotMatch(refused.body, /hello/)
      assert.ok((await answered(up, 101)) >= 400)
    },
    'What a function that returns 101 itself brings upon the client, 502, is assumed',
  ),
  fact(
    'A10',
    'H',
    'A `$connect` function that throws, or cannot be loaded, refuses the handshake with 502',
    async world => {
      const up = await world.on(plain)
      assert.equal((await up.knock('Url', { query: { do: { throw: { message: 'oh' } } } })).status, 502)
      const broken = await world.on(unloadable)
      for (const api of ['SyntaxError', 'MissingModule', 'FailsAtInit'])
        assert.equal((await broken.knock(api)).status, 502, api)
    },
  ),
  fact('A11', 'M', 'A `$connect` function that returns no proxy response: 502', async world => {
    const up = await world.on(plain)
    for (const returned of [null, 'hello', {}, { headers: {} }, [200]])
      assert.equal((await up.knock('Url', { query: { do: { return: returned } } })).status, 502)
  }),
  fact(
    'A12',
    'M-H',
    'A function that API Gateway may not invoke, or that is no longer there: 500, and no function is started',
    async world => {
      const up = await world.on(notAllowed)
      assert.equal((await up.knock()).status, 500)
      assert.equal((await up.knock('Stale')).status, 500)
      await up.settled()
      assert.deepEqual(await up.lines(up.output('ConnectLogName')), [])
    },
    'The line in the execution log is I19',
  ),
  fact('A13', 'L-M', 'A `$connect` integration that takes longer than its timeout: 504', async world => {
    const up = await (await world.alone()).own(plain)
    const nonce = world.nonce()
    const knocking = up.knock('Url', { query: { do: { hang: true }, nonce } })
    await up.saw(up.output('ConnectLogName'), nonce)
    up.advance(29 * SECOND)
    assert.equal((await knocking).status, 504)
  }),
  fact('A14', 'H', 'A stage without a deployment: 403', async world => {
    const up = await world.on(undeployed)
    assert.equal((await up.knock()).status, 403)
  }),
  fact('A15', 'M', 'An unknown stage, or none in the path: 403', async world => {
    const up = await world.on(plain)
    assert.equal((await up.knock(up.output('Url').replace(/live$/, 'nowhere'))).status, 403)
    assert.equal((await up.knock(up.output('Url').replace(/live$/, ''))).status, 403)
  }),
  fact('A16', 'L', 'A path that goes on after the stage: 403', async world => {
    const up = await world.on(plain)
    assert.equal((await up.knock(`${up.output('Url')}/more`)).status, 403)
  }),
  fact('A17', 'L-M', 'A plain GET to the address of a stage: 426', async world => {
    const up = await world.on(plain)
    const http = up.output('Url').replace(/^ws/, 'http')
    assert.equal((await fetch(http)).status, 426)
    assert.equal((await fetch(http.replace(/live$/, ''))).status, 403)
  }),
  fact('A18', 'L', 'The body of a refused handshake is JSON with a `message`', async world => {
    const up = await world.on(plain)
    const { body } = await up.knock(up.output('Url').replace(/live$/, 'nowhere'))
    assert.equal(typeof JSON.parse(body).message, 'string')
  }),
  fact('A19', 'H', 'A throttled handshake: 429', async world => {
    const up = await world.on(throttled)
    assert.equal((await up.knock()).status, 429)
  }),
  fact('A20', 'H', 'Authorizers refuse with 401, 403 or 500', async world => {
    const up = await world.on(authorized)
    assert.equal((await up.knock()).status, 401)
    assert.equal((await up.knock('Url', { query: { auth: policy('Deny') } })).status, 403)
    assert.equal((await up.knock('Url', { query: { auth: { throw: { message: 'oh' } } } })).status, 500)
    assert.equal((await up.knock('Url', { query: { auth: policy('Allow') } })).status, 101)
  }),
  fact(
    'A21',
    'H',
    '`permessage-deflate` is negotiated; the 101 is spelt as it was captured',
    async world => {
      const up = await world.on(plain)
      const { rawHeaders } = await up.knock('Url', {
        headers: { 'Sec-WebSocket-Extensions': 'permessage-deflate; server_max_window_bits=12' },
      })
      const header = (name: string) => rawHeaders[rawHeaders.indexOf(name) + 1]
      assert.equal(header('Connection'), 'upgrade')
      assert.equal(header('upgrade'), 'websocket')
      assert.equal(header('sec-websocket-accept'), 's3pPLMBiTxaQ9kYGzzhZRbK+xOo=')
      assert.equal(header('sec-websocket-extensions'), 'permessage-deflate;server_max_window_bits=12')
      const socket = await up.connect()
      assert.match(socket.ws.extensions, /permessage-deflate/)
      const long = 'x'.repeat(20_000)
      const received = bytesReceived(socket.ws)
      assert.equal(await up.ask(socket, { return: { statusCode: 200, body: JSON.stringify(long) } }), long)
      assert.ok(bytesReceived(socket.ws) - received < 10_000, 'it came uncompressed')
    },
    'The window bits are echoed when the client offered them, as it had in the capture',
  ),
  fact(
    'A22',
    'H',
    'The list of subprotocols reaches `$connect` as one header, and the one that it returns is chosen',
    async world => {
      const up = await world.on(plain)
      const nonce = world.nonce()
      const headers = { 'Sec-WebSocket-Protocol': 'b' }
      const socket = await up.connect('Url', {
        protocols: ['a', 'b'],
        query: { nonce, do: { return: { statusCode: 200, headers } } },
      })
      assert.equal(socket.ws.protocol, 'b')
      const event = await up.saw(up.output('ConnectLogName'), nonce)
      assert.equal(event.headers['Sec-WebSocket-Protocol'].replaceAll(' ', ''), 'a,b')
    },
  ),
  fact(
    'A23',
    'H',
    'A subprotocol that is not returned is not answered, and strict clients fail',
    async world => {
      const up = await world.on(plain)
      const { status, headers } = await up.knock('Url', { protocols: ['chat'] })
      assert.equal(status, 101)
      assert.equal(headers['sec-websocket-protocol'], undefined)
      await assert.rejects(up.connect('Url', { protocols: ['chat'] }), /Server sent no subprotocol/)
    },
  ),
  fact('A24', 'H', 'Without a `$connect` integration nobody answers a subprotocol', async world => {
    const up = await world.on(bare)
    await assert.rejects(up.connect('Url', { protocols: ['chat'] }), /Server sent no subprotocol/)
  }),
  fact('A25', 'H', "AWS's sample splits the list at commas without trimming: `a, b` fails", async world => {
    const up = await world.on(subprotocolSample)
    assert.equal((await up.knock('Sample', { protocols: ['myprotocol', 'other'] })).status, 101)
    assert.equal((await up.knock('Sample', { protocols: ['other', 'myprotocol'] })).status, 400)
    const { status } = await up.knock('Sample', {
      headers: { 'Sec-WebSocket-Protocol': 'other,myprotocol' },
    })
    assert.equal(status, 101)
  }),
  fact('A26', 'H', 'Posting to oneself from inside `$connect`: 410 GoneException', async world => {
    const { ended, socket } = await postedInConnect(await world.on(plain), world.nonce())
    assert.equal(ended?.error?.name, 'GoneException')
    assert.equal(ended?.error?.status, 410)
    await socket.hasHeardNothing()
  }),
  fact('A27', 'L', 'That call is answered, and does not hang', async world => {
    const { ended } = await postedInConnect(await world.on(plain), world.nonce())
    assert.ok(ended?.error)
  }),
  fact(
    'A28',
    'H',
    'Before `$connect` has returned 2xx nobody else can reach the client either',
    async world => {
      const up = await world.on(plain)
      // Its log has to tell the id first, which takes seconds on AWS. So the wait grows until a post comes before its end.
      for (let wait = 1_000; ; wait = Math.min(9_000, wait * 3)) {
        const nonce = world.nonce()
        let isIn = false
        const connecting = up.connect('Url', { query: { nonce, do: { wait } } }).finally(() => {
          isIn = true
        })
        const { requestContext } = await up.saw(up.output('ConnectLogName'), nonce)
        const post = new PostToConnectionCommand({ ConnectionId: requestContext.connectionId, Data: nonce })
        const early = await up
          .management()
          .send(post)
          .catch((error: Error) => error.name)
        if (early !== 'GoneException') {
          // If it came after the end, the 101 has been read by the time that another call has been answered.
          await up.management().send(post)
          assert.ok(isIn, 'a post arrived before $connect had returned')
          continue
        }
        const socket = await connecting
        await up.management().send(post)
        assert.equal(await socket.hears(), nonce)
        return
      }
    },
  ),
  fact('A29', 'M', 'Once it has returned, posting works', async world => {
    const up = await world.on(plain)
    const nonce = world.nonce()
    const socket = await up.connect('Url', { query: { nonce } })
    const { requestContext } = await up.saw(up.output('ConnectLogName'), nonce)
    const post = new PostToConnectionCommand({ ConnectionId: requestContext.connectionId, Data: nonce })
    // The tiny window between return and 101: retry once.
    await up
      .management()
      .send(post)
      .catch(() => up.management().send(post))
    assert.equal(await socket.hears(), nonce)
  }),
]

/** The handshake's answer when `$connect` returns a status. */
const answered = async (up: Standing, statusCode: number): Promise<number> =>
  (await up.knock('Url', { query: { do: { return: { statusCode } } } })).status

/** What became of a post to oneself from inside `$connect`. */
async function postedInConnect(up: Standing, nonce: string) {
  const socket = await up.connect('Url', { query: { do: { call: [postToSelf(nonce)] } } })
  const [ended] = await up.called(up.output('ConnectLogName'), nonce)
  return { ended, socket }
}

/** What has come over a client's wire so far. */
const bytesReceived = (ws: WebSocket): number =>
  (ws as unknown as { readonly _socket: { readonly bytesRead: number } })._socket.bytesRead

/** The TLS version that comes of offering only this one; undefined when there is no agreement. */
function tlsVersion(url: string, version: 'TLSv1.1' | 'TLSv1.2' | 'TLSv1.3'): Promise<string | undefined> {
  const { hostname, port } = new URL(url)
  return new Promise(resolve => {
    const socket = connectTls({
      host: hostname,
      port: Number(port || 443),
      minVersion: version,
      maxVersion: version,
      // Node would not even offer 1.1 otherwise.
      ciphers: 'DEFAULT@SECLEVEL=0',
      rejectUnauthorized: false,
    })
    const done = (agreed: string | undefined) => {
      socket.destroy()
      resolve(agreed)
    }
    socket.once('secureConnect', () => done(socket.getProtocol() ?? undefined))
    socket.once('error', () => done(undefined))
  })
}
