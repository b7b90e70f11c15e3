import { once } from 'node:events'
import http from 'node:http'
import net from 'node:net'
import tls from 'node:tls'
import { beforeAll, expect, onTestFinished, test } from 'vitest'
import { WebSocketServer } from 'ws'
import { defaultAccount } from '../account.ts'
import { type Certificate, makeCertificate } from './certificate.ts'
import { listen, type Patience } from './listen.ts'

let certificate: Certificate
beforeAll(async () => {
  certificate = await makeCertificate(defaultAccount)
})

/** Long enough for a test that does not wait for it, on however busy a machine. */
const EVER = 600_000
const ages: Patience = { greeting: EVER, headers: EVER, request: EVER, answer: EVER, idle: EVER, most: 100 }

/** A port that answers requests with their body and WebSockets with silence. */
async function open(patience: Partial<Patience>, answer?: (response: http.ServerResponse) => void) {
  const sockets = new WebSocketServer({ noServer: true })
  const opened = await listen(
    {
      request(request, response) {
        if (answer) return answer(response)
        request.on('error', () => {})
        request.pipe(response)
      },
      upgrade: (request, socket, head) => sockets.handleUpgrade(request, socket, head, () => {}),
    },
    0,
    certificate,
    { ...ages, ...patience },
  )
  onTestFinished(opened.close)
  return opened.port
}

/** A client by hand: what it is sent, and the end of it. */
function call(port: number) {
  const socket = net.connect(port, '127.0.0.1')
  const heard: Buffer[] = []
  socket.on('data', chunk => heard.push(chunk))
  socket.on('error', () => {})
  onTestFinished(() => void socket.destroy())
  return {
    socket,
    heard: () => Buffer.concat(heard).toString(),
    ended: new Promise<string>(resolve =>
      socket.once('close', () => resolve(Buffer.concat(heard).toString())),
    ),
  }
}

/** A first line, and then a byte of a header every now and again, for as long as anybody listens. */
function trickle(socket: net.Socket, beginning: string) {
  socket.write(beginning)
  const timer = setInterval(() => socket.write('x'), 10)
  socket.once('close', () => clearInterval(timer))
}

const get = (port: number) =>
  new Promise<number | undefined>((resolve, reject) =>
    http
      .get({ port, host: '127.0.0.1', agent: false }, response => resolve(response.resume().statusCode))
      .on('error', reject),
  )

test('a socket without a word is closed', async () => {
  const port = await open({ greeting: 50 })

  expect(await call(port).ended).toBe('')

  expect(await get(port)).toBe(200)
})

test.each([
  ['a request’s', 'GET / HTTP/1.1\r\nHost: x\r\nX-Slow: '],
  ['a handshake’s', 'GET /prod HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nX-Slow: '],
])('headers that come byte by byte end in 408, %s', async (_, beginning) => {
  const port = await open({ headers: 100 })
  const { socket, ended } = call(port)

  trickle(socket, beginning)

  expect(await ended).toMatch(/^HTTP\/1\.1 408 Request Timeout\r\n/)
})

test('so do those of a second request', async () => {
  const port = await open({ headers: 100 })
  const { socket, ended, heard } = call(port)

  socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n')
  await expect.poll(heard).toMatch(/^HTTP\/1\.1 200 /)
  trickle(socket, 'GET / HTTP/1.1\r\nX-Slow: ')

  expect(await ended).toMatch(/HTTP\/1\.1 408 /)
})

test('and those that come by TLS', async () => {
  const port = await open({ headers: 100 })
  const socket = tls.connect({ port, host: '127.0.0.1', rejectUnauthorized: false })
  socket.on('error', () => {})
  const heard: Buffer[] = []
  socket.on('data', chunk => heard.push(chunk))
  await once(socket, 'secureConnect')

  trickle(socket, 'GET / HTTP/1.1\r\nX-Slow: ')
  await once(socket, 'close')

  expect(Buffer.concat(heard).toString()).toMatch(/^HTTP\/1\.1 408 /)
})

test('a body that comes byte by byte ends in 408', async () => {
  const port = await open({ headers: 100, request: 200 }, () => {})
  const { socket, ended } = call(port)

  trickle(socket, 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n')

  expect(await ended).toMatch(/^HTTP\/1\.1 408 /)
})

test('a TLS handshake that comes byte by byte is broken off', async () => {
  const port = await open({ greeting: 100 })
  const { socket, ended } = call(port)

  // The record says that it has 512 bytes; the hello in it never comes to its end.
  trickle(socket, '\x16\x03\x01\x02\x00\x01\x00\x01\xfc')

  expect(await ended).toBe('')
})

test('a connection without a next request is closed', async () => {
  const port = await open({ idle: 50 })
  const { socket, ended } = call(port)

  socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n')

  expect(await ended).toMatch(/^HTTP\/1\.1 200 /)
})

test('an answer that nobody takes is not kept for ever', async () => {
  let isGone = false
  const port = await open({ answer: 50 }, response => {
    response.once('close', () => {
      isGone = true
    })
    response.end(Buffer.alloc(64 * 1024 * 1024))
  })
  const { socket } = call(port)

  socket.pause()
  socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n')

  await expect.poll(() => isGone).toBe(true)
})

test('who waits too long makes room when there are too many', async () => {
  const port = await open({ most: 3 })
  const first = call(port)
  await once(first.socket, 'connect')
  const others = [call(port), call(port), call(port)]

  expect(await first.ended).toBe('')

  expect(await get(port)).toBe(200)
  expect(others.filter(({ socket }) => socket.destroyed).length).toBeLessThanOrEqual(1)
})

test('whoever is a WebSocket has time', async () => {
  const port = await open({ greeting: 50, headers: 50, request: 50, answer: 50, idle: 50 })
  const { socket, heard } = call(port)
  socket.write(
    'GET /prod HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
  )
  await expect.poll(heard).toMatch(/^HTTP\/1\.1 101 /)

  // Two others come and are closed, one after the other, and it is still there.
  await call(port).ended
  await call(port).ended

  expect(socket.destroyed).toBe(false)
})

test('a function may take its time over an answer', async () => {
  const answers: http.ServerResponse[] = []
  const port = await open({ greeting: 50, headers: 50, request: 50, answer: 50, idle: 50 }, response =>
    answers.push(response),
  )
  const asking = get(port)
  await expect.poll(() => answers.length).toBe(1)

  await call(port).ended
  await call(port).ended
  answers[0]!.end()

  expect(await asking).toBe(200)
})

test.each([
  ['no HTTP', 'garbage\r\n\r\n', 400],
  ['a request without a host', 'GET / HTTP/1.1\r\n\r\n', 400],
  ['two lengths', 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nx', 400],
  [
    'a length and chunks',
    'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    400,
  ],
  ['headers of a megabyte', `GET / HTTP/1.1\r\nHost: x\r\nX: ${'x'.repeat(2 ** 20)}\r\n\r\n`, 431],
  ['ten thousand headers', `GET / HTTP/1.1\r\nHost: x\r\n${'X: y\r\n'.repeat(10_000)}\r\n`, 431],
  ['a URL of 100 KB', `GET /${'x'.repeat(100_000)} HTTP/1.1\r\nHost: x\r\n\r\n`, 431],
])('%s is refused', async (_, bytes, status) => {
  const port = await open({})
  const { socket, ended } = call(port)

  socket.write(bytes)

  expect(await ended).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `))
  expect(await get(port)).toBe(200)
})

test('TLS that is none is broken off without a word in the clear', async () => {
  const port = await open({})
  const { socket, ended } = call(port)

  socket.write(Buffer.concat([Buffer.from([22, 3, 1, 0, 64]), Buffer.alloc(64, 0xff)]))

  // An alert of TLS at most.
  expect(await ended).not.toContain('HTTP')
  expect(await get(port)).toBe(200)
})
