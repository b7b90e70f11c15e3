import net from 'node:net'
import { DeleteConnectionCommand } from '@aws-sdk/client-apigatewaymanagementapi'
import { expect, test } from 'vitest'
import { gate, openStand, type Stand } from '../stand.ts'

const MINUTE = 60_000

/** A client on an API with all lifecycle routes, and what its $disconnect is told. */
async function connected(behind = (event: any): unknown => ({ statusCode: 200, body: event.body })) {
  const stand = await openStand(behind)
  await stand.api(['$connect', '$disconnect', 'echo'], { twoWay: ['echo'] })
  const client = await stand.connect()
  const { connectionId } = JSON.parse(stand.invokes[0]!.payload).requestContext
  return { stand, client, connectionId }
}

async function farewell(stand: Stand) {
  const events = () => stand.invokes.map(({ payload }) => JSON.parse(payload).requestContext)
  await expect.poll(() => events().at(-1).eventType).toBe('DISCONNECT')
  const { disconnectStatusCode: code, disconnectReason: reason } = events().at(-1)
  return { code, reason }
}

test('A30: what $disconnect returns or throws nobody hears', async () => {
  const { stand, client } = await connected(event => {
    if (event.requestContext.eventType === 'DISCONNECT') throw new Error('boom')
    return { statusCode: 200 }
  })

  client.socket.close(1000)

  expect((await client.closed).code).toBe(1000)
  expect(await farewell(stand)).toMatchObject({ code: 1000 })
  await stand.connect()
})

test('A33, A34: DELETE closes with 1000, and $disconnect is told why', async () => {
  const { stand, client, connectionId } = await connected()

  await stand.management().send(new DeleteConnectionCommand({ ConnectionId: connectionId }))

  expect((await client.closed).code).toBe(1000)
  expect(await farewell(stand)).toEqual({ code: 1000, reason: 'Connection Closed Normally' })
})

test('A35: after ten idle minutes the server goes away with 1001', async () => {
  const { stand, client } = await connected()

  stand.clock.advance(10 * MINUTE - 30_000)
  client.send({ action: 'echo' })
  await client.hears()
  stand.clock.advance(10 * MINUTE - 30_000)
  expect(stand.history().some(event => event.kind === 'close')).toBe(false)
  stand.clock.advance(30_000)

  expect(await client.closed).toEqual({ code: 1001, reason: 'Going away' })
  expect(await farewell(stand)).toEqual({ code: 1001, reason: 'Going away' })
})

test('A36: after two hours also a busy connection ends', async () => {
  const { stand, client } = await connected()

  for (let passed = 0; passed < 119; passed += 7) {
    stand.clock.advance(7 * MINUTE)
    client.send({ action: 'echo' })
    await client.hears()
  }
  stand.clock.advance(MINUTE - 10_000)
  expect(stand.history().some(event => event.kind === 'close')).toBe(false)
  stand.clock.advance(10_000)

  expect(await client.closed).toEqual({ code: 1001, reason: 'Going away' })
})

test('A35: each connection has ten minutes of its own', async () => {
  const { stand, client } = await connected()

  stand.clock.advance(5 * MINUTE)
  const later = await stand.connect()
  stand.clock.advance(5 * MINUTE)
  expect((await client.closed).code).toBe(1001)
  expect(stand.history().filter(event => event.kind === 'close')).toHaveLength(1)
  stand.clock.advance(5 * MINUTE)

  expect((await later.closed).code).toBe(1001)
})

test.each([
  ['A40: no code', undefined, undefined, { code: 1005, reason: 'Client-side close frame status not set' }],
  ['A41: going away', 1001, '', { code: 1001, reason: '' }],
  ['A42: a code and reason of its own', 4000, 'bye', { code: 4000, reason: 'bye' }],
])('%s is what $disconnect is told of a client that closes so', async (_, code, reason, told) => {
  const { stand, client } = await connected()

  if (code === 1001) client.socket.close(1001)
  else client.socket.close(code, reason)

  expect(await farewell(stand)).toEqual(told)
  expect(await stand.sees(event => event.kind === 'close')).toMatchObject(told)
})

test('A39: a line that breaks is 1006', async () => {
  const { stand, client } = await connected()

  client.socket.terminate()

  expect((await farewell(stand)).code).toBe(1006)
})

test('C22: a binary frame is 1003', async () => {
  const { stand, client } = await connected()

  client.socket.send(Buffer.from('hello'))

  expect((await client.closed).code).toBe(1003)
  expect((await farewell(stand)).code).toBe(1003)
})

test.each([true, false])(
  'G3, G4: a message of 32 KB in one frame passes, one byte more is 1009 (compressed: %s)',
  async compress => {
    const { stand, client } = await connected()
    const text = (bytes: number) => `{"action":"echo","x":"${'x'.repeat(bytes - 24)}"}`

    client.socket.send(text(32768), { compress })
    expect(await client.hears()).toBe(text(32768))
    client.socket.send(text(32769), { compress })

    expect((await client.closed).code).toBe(1009)
    expect((await farewell(stand)).code).toBe(1009)
    expect(stand.invokes.filter(({ payload }) => payload.includes('xxx'))).toHaveLength(1)
  },
)

test('G3: 128 KB pass in frames of 32 KB, more is 1009', async () => {
  const { client } = await connected()
  const send = (bytes: number) => {
    const text = `{"action":"echo","x":"${'x'.repeat(bytes - 24)}"}`
    for (let at = 0; at < bytes; at += 32768) {
      client.socket.send(text.slice(at, at + 32768), { fin: at + 32768 >= bytes, compress: false })
    }
    return text
  }

  const whole = send(131_072)
  expect(await client.hears()).toBe(whole)
  send(131_073)

  expect((await client.closed).code).toBe(1009)
})

test('G4: what was sent before an oversized frame is still delivered, although it came in the same packet', async () => {
  const stand = await openStand()
  await stand.api(['first', '$disconnect'])
  const socket = await rawSocket(stand.port)

  socket.write(Buffer.concat([frame(0x81, '{"action":"first"}'), frame(0x81, 'x'.repeat(40_000))]))

  expect(await farewell(stand)).toMatchObject({ code: 1009 })
  expect(JSON.parse(stand.invokes[0]!.payload).body).toBe('{"action":"first"}')
})

test('G4: an oversized frame is refused at its header', async () => {
  const stand = await openStand()
  await stand.api(['$disconnect'])
  const socket = await rawSocket(stand.port)

  socket.write(frame(0x81, 'x'.repeat(40_000)).subarray(0, 100))

  expect(await farewell(stand)).toMatchObject({ code: 1009 })
})

test.each([
  ['invalid UTF-8', () => frame(0x81, Buffer.from([0xc3, 0x28])), 1007],
  ['a frame that is not masked', () => Buffer.from([0x81, 0x01, 0x61]), 1002],
  ['a continuation of nothing', () => frame(0x80, 'x'), 1002],
])('%s breaks the protocol', async (_, bytes, code) => {
  const stand = await openStand()
  await stand.api(['$disconnect'])
  const socket = await rawSocket(stand.port)

  socket.write(bytes())

  expect(await farewell(stand)).toMatchObject({ code })
})

test('frames may come byte by byte', async () => {
  const stand = await openStand()
  await stand.api(['first'])
  const socket = await rawSocket(stand.port)

  socket.setNoDelay(true)
  for (const byte of frame(0x81, `{"action":"first","x":"${'x'.repeat(200)}"}`))
    socket.write(Buffer.from([byte]))

  await expect.poll(() => stand.invokes.length).toBe(1)
})

test('a client that asks and does not read is stopped from asking, and nothing piles up', async () => {
  const body = 'x'.repeat(100_000)
  let running = 0
  let most = 0
  const stand = await openStand(async () => {
    most = Math.max(most, ++running)
    await new Promise(setImmediate)
    running--
    return { statusCode: 200, body }
  })
  await stand.api(['$default', '$disconnect'], { twoWay: ['$default'] })
  const socket = await rawSocket(stand.port)
  socket.pause()

  for (let n = 0; n < 3000; n++) socket.write(frame(0x81, 'go'))

  // Either its buffer is full and it is hung up on, or it is not read from any more; both end the flood.
  const { code } = await farewell(stand)
  expect(code).toBe(1008)
  expect(most).toBeLessThanOrEqual(256)
  expect(stand.invokes.length).toBeLessThan(1000)
})

test('stopping ends open and pending clients at once, and runs no $disconnect', async () => {
  const asked = gate()
  const { stand, client } = await connected(event => {
    if (event.queryStringParameters) {
      asked.open()
      return new Promise(() => {})
    }
    return { statusCode: 200 }
  })
  const pending = stand.connect('/prod?pending=1').catch(error => error.message)
  await asked.passed

  await stand.gateway.stop()

  expect((await client.closed).code).toBe(1006)
  expect(await pending).toMatch(/socket hang up|ECONNRESET/)
  expect(stand.invokes.map(({ payload }) => JSON.parse(payload).requestContext.eventType)).toEqual([
    'CONNECT',
    'CONNECT',
  ])
})

test('deleting a stage sends its clients away', async () => {
  const { stand, client } = await connected()

  await stand.remove('Stage', 'prod', { ApiId: stand.gateway.apis()[0]!.apiId, StageName: 'prod' })

  expect((await client.closed).code).toBe(1001)
})

/** A socket after its handshake, for frames by hand. */
async function rawSocket(port: number) {
  const socket = net.connect(port, '127.0.0.1')
  socket.on('error', () => {})
  socket.write(
    'GET /prod HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
  )
  await new Promise(resolve => socket.once('data', resolve))
  return socket
}

/** A masked frame; the mask is zero. */
function frame(first: number, payload: string | Buffer) {
  const bytes = Buffer.from(payload as string)
  const head =
    bytes.length < 126
      ? Buffer.from([first, 0x80 | bytes.length])
      : Buffer.from([first, 0x80 | 126, bytes.length >> 8, bytes.length & 0xff])
  return Buffer.concat([head, Buffer.alloc(4), bytes])
}
