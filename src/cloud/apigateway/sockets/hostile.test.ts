import net from 'node:net'
import { deflateRawSync } from 'node:zlib'
import { expect, onTestFinished, test } from 'vitest'
import type { WebSocket } from 'ws'
import { gate, openStand, type Stand } from '../stand.ts'
import { regulator } from './regulate.ts'

/** An API that hears `$default`, and a client by hand on it. */
async function attacked(behind?: (event: any) => unknown) {
  const stand = await openStand(behind)
  await stand.api(['$default', '$disconnect'])
  return { stand, raw: await shake(stand) }
}

/** A socket after its handshake, for frames by hand. */
async function shake(stand: Stand, extensions = '') {
  const socket = net.connect(stand.port, '127.0.0.1')
  onTestFinished(() => void socket.destroy())
  socket.on('error', () => {})
  const heard: Buffer[] = []
  socket.on('data', chunk => heard.push(chunk))
  socket.write(
    'GET /prod HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n' +
      `Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n${extensions}\r\n`,
  )
  const bytes = () => Buffer.concat(heard)
  await expect.poll(() => bytes().toString('latin1')).toMatch(/^HTTP\/1\.1 101 [\s\S]*\r\n\r\n/)
  return {
    socket,
    /** What came after the head of the 101. */
    frames: () => bytes().subarray(bytes().indexOf('\r\n\r\n') + 4),
  }
}

/** The code that a server's first close frame names, once it is there. */
async function closeCode({ frames }: { frames: () => Buffer }) {
  await expect.poll(() => frames()[0]).toBe(0x88)
  return frames().readUInt16BE(2)
}

const farewell = async (stand: Stand) => {
  const told = () => stand.invokes.map(({ payload }) => JSON.parse(payload).requestContext).at(-1)
  await expect.poll(() => told()?.eventType).toBe('DISCONNECT')
  return told().disconnectStatusCode
}

const DEFLATE = 'Sec-WebSocket-Extensions: permessage-deflate\r\n'
const bytes = (...numbers: number[]) => Buffer.from(numbers)
const text = frame.bind(null, 0x81)
const more = frame.bind(null, 0x00)
const start = frame.bind(null, 0x01)
const deflated = (payload: Buffer) => {
  const end = deflateRawSync(payload, { finishFlush: 2 })
  return end.subarray(0, end.length - 4)
}

test.each([
  ['RSV2', frame(0xa1, 'x'), 1002],
  ['RSV3', frame(0x91, 'x'), 1002],
  ['RSV1 without an extension', frame(0xc1, 'x'), 1002],
  ['a data opcode that is reserved', frame(0x83, 'x'), 1002],
  ['a control opcode that is reserved', frame(0x8b, 'x'), 1002],
  ['no mask', bytes(0x81, 1, 0x61), 1002],
  ['a continuation of nothing', frame(0x80, 'x'), 1002],
  ['a message within a message', Buffer.concat([start('x'), text('x')]), 1002],
  ['a length of 2^63', bytes(0x81, 0xff, 0x80, 0, 0, 0, 0, 0, 0, 0), 1009],
  ['a length of 2^53', bytes(0x81, 0xff, 0, 0x20, 0, 0, 0, 0, 0, 0), 1009],
  ['a length of 4 GB', bytes(0x81, 0xff, 0, 0, 0, 1, 0, 0, 0, 0), 1009],
  ['a ping of 126 bytes', frame(0x89, 'x'.repeat(126)), 1002],
  ['a ping in fragments', frame(0x09, 'x'), 1002],
  ['a close in fragments', frame(0x08, bytes(3, 232)), 1002],
  ['a close of one byte', frame(0x88, 'x'), 1002],
  ['a close of 126 bytes', frame(0x88, Buffer.concat([bytes(3, 232), Buffer.alloc(124, 97)])), 1002],
  ['a close with 999', frame(0x88, bytes(0x03, 0xe7)), 1002],
  ['a close with 1004', frame(0x88, bytes(0x03, 0xec)), 1002],
  ['a close with 1005', frame(0x88, bytes(0x03, 0xed)), 1002],
  ['a close with 1006', frame(0x88, bytes(0x03, 0xee)), 1002],
  ['a close with 1015', frame(0x88, bytes(0x03, 0xf7)), 1002],
  ['a close with 2999', frame(0x88, bytes(0x0b, 0xb7)), 1002],
  ['a close with 5000', frame(0x88, bytes(0x13, 0x88)), 1002],
  ['a close whose reason is no text', frame(0x88, bytes(0x03, 0xe8, 0xc3, 0x28)), 1007],
  ['text that is none', text(bytes(0xc3, 0x28)), 1007],
  [
    'text that is none, over fragments',
    Buffer.concat([start(bytes(0xe2, 0x82)), frame(0x80, bytes(0x28))]),
    1007,
  ],
  ['half a surrogate pair', text(bytes(0xed, 0xa0, 0x80)), 1007],
  ['half a character at the end', text(bytes(0xe2, 0x82)), 1007],
  ['bytes', frame(0x82, 'x'), 1003],
])('A39 (assumed: RFC 6455): %s', async (_, attack, code) => {
  const { stand, raw } = await attacked()

  raw.socket.write(attack)

  expect(await closeCode(raw)).toBe(code)
  expect(await farewell(stand)).toBe(code)
  expect(stand.history().filter(({ kind }) => kind === 'close')).toHaveLength(1)
})

test('A39 (assumed): what was sent as compressed and is not, is 1007, for $disconnect too', async () => {
  const { stand } = await attacked()
  const raw = await shake(stand, DEFLATE)

  raw.socket.write(frame(0xc1, bytes(0xff, 0xff, 0xff, 0xff)))

  // The client does not hang up: its connection is over all the same.
  expect(await closeCode(raw)).toBe(1007)
  expect(await farewell(stand)).toBe(1007)
})

test.each([
  ['in one frame', [frame(0xc1, deflated(Buffer.alloc(16 * 1024 * 1024)))]],
  [
    'in fragments',
    Array.from({ length: 16 }, (_, n) => frame(n === 0 ? 0x41 : 0x00, deflated(Buffer.alloc(1024 * 1024)))),
  ],
])('G3: a message that is small only on the wire is 1009, %s', async (_, attack) => {
  const { stand } = await attacked()
  const raw = await shake(stand, DEFLATE)

  for (const one of attack) raw.socket.write(one)

  expect(await closeCode(raw)).toBe(1009)
  expect(await farewell(stand)).toBe(1009)
})

test('G3: 128 KB and a byte in fragments of a kilobyte are 1009', async () => {
  const { stand, raw } = await attacked()

  raw.socket.write(start('x'.repeat(1024)))
  for (let n = 1; n < 128; n++) raw.socket.write(more('x'.repeat(1024)))
  raw.socket.write(frame(0x80, 'x'))

  expect(await closeCode(raw)).toBe(1009)
  expect(await farewell(stand)).toBe(1009)
})

test('a message in ten thousand fragments is one message', async () => {
  const { stand, raw } = await attacked()

  raw.socket.write(
    Buffer.concat([start('x'), ...Array.from({ length: 9998 }, () => more('x')), frame(0x80, 'x')]),
  )

  await expect.poll(() => stand.invokes.length).toBe(1)
  expect(JSON.parse(stand.invokes[0]!.payload).body).toBe('x'.repeat(10_000))
})

test.each(['', 'x'])('A39 (assumed): fragments without end are 1008 or 1009: %j each', async each => {
  const { stand, raw } = await attacked()
  const storm = Buffer.concat(Array.from({ length: 10_000 }, () => more(each)))

  raw.socket.write(start(each))
  for (let n = 0; n < 20; n++) raw.socket.write(storm)

  expect([1008, 1009]).toContain(await farewell(stand))
})

test('pings that come faster than they can be answered break nobody off, and the last is answered', async () => {
  const { stand, raw } = await attacked()
  const pings = Array.from({ length: 10_000 }, (_, n) => frame(0x89, String(n)))

  raw.socket.write(Buffer.concat(pings))

  await expect.poll(() => raw.frames().subarray(-6)).toEqual(Buffer.from('\x8a\x049999', 'latin1'))
  raw.socket.write(text('still here'))
  await expect.poll(() => stand.invokes.length).toBe(1)
})

test('pings whose answers nobody reads fill no buffer', async () => {
  const { stand, raw } = await attacked()
  const pings = Buffer.concat(Array.from({ length: 1000 }, () => frame(0x89, 'x'.repeat(125))))
  raw.socket.pause()

  for (let n = 0; n < 100; n++) raw.socket.write(pings)
  raw.socket.write(text('done'))

  await expect.poll(() => stand.invokes.length).toBe(1)
  expect(stand.history().some(({ kind }) => kind === 'close')).toBe(false)
})

test('a client that was hung up on and goes on sending is gone after a while', async () => {
  const { stand, raw } = await attacked()
  const gone = new Promise(resolve => raw.socket.once('close', resolve))

  raw.socket.write(frame(0x82, 'x'))
  expect(await farewell(stand)).toBe(1003)
  const timer = setInterval(() => raw.socket.write(text('x'.repeat(10_000))), 5)
  onTestFinished(() => clearInterval(timer))

  await gone
})

test('A39: of what small packets hold when they are unpacked, no more is kept than there is room for: 1008', async () => {
  const stand = await openStand(event =>
    event.requestContext.eventType === 'MESSAGE' ? new Promise(() => {}) : 0,
  )
  await stand.api(['$default', '$disconnect'])
  const bombs = Buffer.concat(
    Array.from({ length: 2000 }, () => frame(0xc1, deflated(Buffer.alloc(32_000, 0x20)))),
  )
  const clients = await Promise.all(Array.from({ length: 8 }, () => shake(stand, DEFLATE)))

  for (const { socket } of clients) socket.write(bombs)

  await expect
    .poll(() => stand.history().filter(event => event.kind === 'close' && event.code === 1008).length)
    .toBeGreaterThan(0)
})

test('what is held is counted for all, and everybody has a share', async () => {
  const socket = { isPaused: false, bufferedAmount: 0, pause() {}, resume() {} } as unknown as WebSocket
  const wire = new net.Socket()
  const regulate = regulator(100, 10)
  const done = gate()
  const [first, second] = [regulate(socket, wire), regulate(socket, wire)]
  const wait = () => done.passed

  expect(first(100, wait)).toBe(true)
  expect(first(1, wait)).toBe(false)
  expect(second(10, wait)).toBe(true)
  expect(second(1, wait)).toBe(false)
  done.open()
  await expect.poll(() => first(80, wait)).toBe(true)
})

test.each([
  ['HTTP/1.0', 'GET /prod HTTP/1.0', ['Host: x'], 400],
  ['no host', 'GET /prod HTTP/1.1', [], 400],
  ['another method', 'POST /prod HTTP/1.1', ['Host: x'], 400],
  ['another version', 'GET /prod HTTP/1.1', ['Host: x', 'Sec-WebSocket-Version: 7'], 400],
  ['no version', 'GET /prod HTTP/1.1', ['Host: x', 'Sec-WebSocket-Version:'], 400],
  ['a short key', 'GET /prod HTTP/1.1', ['Host: x', 'Sec-WebSocket-Key: eA=='], 400],
  [
    'two keys',
    'GET /prod HTTP/1.1',
    ['Host: x', 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=='],
    400,
  ],
  ['another protocol', 'GET /prod HTTP/1.1', ['Host: x', 'Upgrade: h2c'], 400],
  [
    'extensions that cannot be read',
    'GET /prod HTTP/1.1',
    ['Host: x', 'Sec-WebSocket-Extensions: permessage-deflate; ='],
    400,
  ],
  ['a path that cannot be decoded', 'GET /%zz%ff HTTP/1.1', ['Host: x'], 403],
  ['an absolute URL', 'GET http://elsewhere/prod HTTP/1.1', ['Host: x'], 403],
  ['no path', 'GET * HTTP/1.1', ['Host: x'], 403],
])('a handshake with %s is refused', async (_, line, headers, status) => {
  const stand = await openStand()
  await stand.api(['$default'])
  const usual = [
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
  ]
  const named = (header: string) => header.slice(0, header.indexOf(':'))
  const lines = [...headers, ...usual.filter(one => !headers.some(header => named(header) === named(one)))]
  const socket = net.connect(stand.port, '127.0.0.1')
  onTestFinished(() => void socket.destroy())
  const answer = new Promise(resolve => socket.once('data', chunk => resolve(String(chunk).slice(0, 12))))

  socket.write([line, 'Connection: Upgrade', ...lines, '', ''].join('\r\n'))

  expect(await answer).toBe(`HTTP/1.1 ${status}`)
})

/** A masked frame; the mask is zero. */
function frame(first: number, payload: string | Buffer) {
  const body = Buffer.from(payload as string)
  const length = body.length
  const head = Buffer.from(
    length < 126
      ? [first, 0x80 | length]
      : length < 65_536
        ? [first, 0xfe, length >> 8, length & 255]
        : [first, 0xff, 0, 0, 0, 0, length >>> 24, (length >> 16) & 255, (length >> 8) & 255, length & 255],
  )
  return Buffer.concat([head, Buffer.alloc(4), body])
}
