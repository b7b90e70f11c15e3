import { once } from 'node:events'
import http from 'node:http'
import net, { type AddressInfo } from 'node:net'
import { setImmediate as turn } from 'node:timers/promises'
import { expect, onTestFinished, test, vi } from 'vitest'
import { frame } from '../selfproof/hostile-sockets/frame.ts'
import { openStand } from './apigateway/stand.ts'
import { whenAtRest } from './at-rest.ts'
import { movableClock } from './clock.ts'
import { reception } from './door/reception.ts'
import { lambdaForTests } from './lambda/lambda.fixture.ts'
import { countWork, type Work } from './work.ts'

const never = new AbortController().signal

/** A promise that tells whether it has been kept. */
function watched(promise: Promise<unknown>) {
  const seen = { isKept: false, promise }
  promise.then(
    () => {
      seen.isKept = true
    },
    () => {},
  )
  return seen
}

/** Whether `work` rests, watched from now on, with a clock on which nothing falls due. */
const resting = (work: Work) => watched(whenAtRest(work, movableClock(), 6_000, never))

/** As many turns as would make a cloud that looks at nothing but its count believe that it rests. */
async function turns() {
  for (let n = 0; n < 10; n += 1) await turn()
}

async function listening(server: net.Server) {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  return (server.address() as AddressInfo).port
}

test('what is part of a whole is counted by both, and what ends twice has ended once', async () => {
  const whole = countWork()
  const part = countWork(whole)
  const end = part.begin()
  const other = whole.begin()
  end()
  end()
  expect([part.isIdle(), whole.isIdle()]).toEqual([true, false])
  const settled = watched(whole.settled())
  other()
  await settled.promise
  expect([part.begun, whole.begun]).toEqual([1, 2])
})

test('rest is told at once, by no clock', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'setInterval', 'Date'] })
  onTestFinished(() => void vi.useRealTimers())
  const work = countWork()
  await whenAtRest(
    work,
    movableClock(() => 0),
    6_000,
    never,
  )
  const end = work.begin()
  const rest = resting(work)
  await turns()
  expect(rest.isKept).toBe(false)
  end()
  await rest.promise
})

test('what one part hands to the next in the turn after is waited for, however often', async () => {
  const work = countWork()
  let end = work.begin()
  const rest = resting(work)
  for (let n = 0; n < 5; n += 1) {
    end()
    await turn()
    end = work.begin()
    await turns()
    expect(rest.isKept).toBe(false)
  }
  end()
  await rest.promise
})

test('what lies in a socket when the count comes to zero is waited for', async () => {
  const work = countWork()
  let end = () => {}
  const port = await listening(net.createServer(socket => socket.on('data', () => (end = work.begin()))))
  const client = net.connect(port, '127.0.0.1')
  await once(client, 'connect')
  client.write('hello')
  const rest = resting(work)
  await vi.waitFor(() => expect(work.begun).toBe(1), 10_000)
  await turns()
  expect(rest.isKept).toBe(false)
  end()
  await rest.promise
  client.destroy()
})

test('what falls due within the patience is waited for, and what is called off is not', async () => {
  const clock = movableClock(() => 0)
  clock.after(7_000, () => {})
  const callOff = clock.after(5_000, () => {})
  const rest = watched(whenAtRest(countWork(), clock, 6_000, never))
  await turns()
  expect(rest.isKept).toBe(false)
  callOff()
  await rest.promise
  const soon = watched(whenAtRest(countWork(), clock, 8_000, never))
  await turns()
  expect(soon.isKept).toBe(false)
  clock.advance(7_000)
  await soon.promise
})

test('nobody waits for rest any more once the signal has aborted', async () => {
  const over = new AbortController()
  const work = countWork()
  work.begin()
  const rest = whenAtRest(work, movableClock(), 6_000, over.signal)
  over.abort()
  await expect(rest).rejects.toThrow()
})

/** A client of a gateway, by hand, and the count of what is under way. */
async function byHand(behind?: Parameters<typeof openStand>[0]) {
  const work = countWork()
  const stand = await openStand(behind, { work })
  await stand.api(['$default', '$disconnect'], { twoWay: ['$default'] })
  const socket = net.connect(stand.port, '127.0.0.1')
  onTestFinished(() => void socket.destroy())
  socket.on('error', () => {})
  let heard = ''
  socket.on('data', chunk => {
    heard += chunk.toString('latin1')
  })
  socket.write(
    'GET /prod HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n' +
      'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
  )
  await vi.waitFor(() => expect(heard).toContain('\r\n\r\n'), 10_000)
  await resting(work).promise
  return { work, stand, socket, heard: () => heard }
}

test.each([1, 2, 3, 8])(
  'a message of which %i bytes have come is in transit until it has been dealt with',
  async bytes => {
    const { work, stand, socket } = await byHand()
    const message = frame(0x81, 'hello')
    const { begun } = work
    socket.write(message.subarray(0, bytes))
    await vi.waitFor(() => expect(work.begun).toBeGreaterThan(begun), 10_000)
    const rest = resting(work)
    await turns()
    expect(rest.isKept).toBe(false)
    socket.write(message.subarray(bytes))
    await rest.promise
    expect(stand.invokes).toHaveLength(1)
  },
)

test('a ping that comes in two halves is in transit until both have come', async () => {
  const { work, socket, heard } = await byHand()
  const ping = frame(0x89, 'hello')
  const { begun } = work
  socket.write(ping.subarray(0, 3))
  await vi.waitFor(() => expect(work.begun).toBeGreaterThan(begun), 10_000)
  const rest = resting(work)
  await turns()
  expect(rest.isKept).toBe(false)
  socket.write(ping.subarray(3))
  await rest.promise
  await vi.waitFor(() => expect(heard()).toContain('hello'), 10_000)
})

test('a function at work keeps the cloud from resting, and so does its answer until it is sent', async () => {
  let answer = () => {}
  const { work, socket, heard } = await byHand(
    () =>
      new Promise(resolve => {
        answer = () => resolve({ statusCode: 200, body: 'there you are' })
      }),
  )
  const { begun } = work
  socket.write(frame(0x81, 'hello'))
  await vi.waitFor(() => expect(work.begun).toBeGreaterThan(begun + 1), 10_000)
  const rest = resting(work)
  await turns()
  expect(rest.isKept).toBe(false)
  answer()
  await rest.promise
  await vi.waitFor(() => expect(heard()).toContain('there you are'), 10_000)
})

test('a connection that is closing is in transit until it is closed and its $disconnect has run', async () => {
  const { work, stand, socket } = await byHand()
  const { begun } = work
  socket.pause()
  socket.write(frame(0x88, Buffer.from([3, 232])))
  await vi.waitFor(() => expect(work.begun).toBeGreaterThan(begun), 10_000)
  await resting(work).promise
  expect(stand.invokes.map(({ payload }) => JSON.parse(payload).requestContext.eventType)).toEqual([
    'DISCONNECT',
  ])
})

test('a connection whose close frame the client does not answer keeps the cloud from resting', async () => {
  const { work, stand, socket } = await byHand()
  socket.write(frame(0x82, 'binary'))
  await vi.waitFor(() => expect(stand.invokes).toHaveLength(1), 10_000)
  const rest = resting(work)
  await turns()
  expect(rest.isKept).toBe(false)
  socket.destroy()
  await rest.promise
})

test('a request is in transit until the system has all of its answer', async () => {
  const work = countWork()
  const door = {
    callAs: () => Promise.reject(new Error('nobody calls')),
    async serve(_: unknown, response: http.ServerResponse) {
      response.end('x'.repeat(32 * 1024 * 1024))
    },
  }
  const { request } = reception(door, () => {}, work)()
  const port = await listening(http.createServer(request))
  const socket = net.connect(port, '127.0.0.1')
  socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n')
  socket.pause()
  await vi.waitFor(() => expect(work.begun).toBe(2), 10_000)
  const rest = resting(work)
  await turns()
  expect(rest.isKept).toBe(false)
  socket.resume()
  await rest.promise
  socket.destroy()
})

test('an instance is under way until it stands still: what a handler did not wait for may still happen', async () => {
  const work = countWork()
  const lambda = await lambdaForTests({ work })
  onTestFinished(() => lambda.stop())
  const busy = 'const end = Date.now() + 300; while (Date.now() < end);'
  await lambda.make('hasty', `exports.handler = async () => { setImmediate(() => { ${busy} }); return 1 }`)
  await lambda.invoke('hasty')
  const done = watched(work.settled())
  expect(done.isKept).toBe(false)
  expect(work.isIdle()).toBe(false)
  await done.promise
  // Again, with an instance that is there already; and one that ends stands still as well.
  await lambda.invoke('hasty')
  expect(work.isIdle()).toBe(false)
  await work.settled()
  await lambda.make('gone', 'exports.handler = async () => { setImmediate(() => process.exit(1)); return 1 }')
  await lambda.invoke('gone')
  await work.settled()
})
