import { once } from 'node:events'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { afterEach, expect, test } from 'vitest'
import { type WebSocket, WebSocketServer } from 'ws'
import { HANG, HUNG_TEST } from '../machine/bounds.ts'
import { awkward } from './awkward.ts'
import { openScene } from './scene.ts'
import { Unmet } from './unmet.ts'

const open: (() => Promise<unknown>)[] = []
afterEach(async () => {
  while (open.length > 0) await open.pop()?.()
})

/** A stack whose socket does what `greet` says, or is refused with `status`. */
async function stage(
  greet: (socket: WebSocket) => void,
  {
    status,
    refusals = Number.POSITIVE_INFINITY,
    patience = HANG,
    atRest,
  }: { status?: number; refusals?: number; patience?: number; atRest?: () => Promise<number> } = {},
) {
  const server = http.createServer()
  const sockets = new WebSocketServer({ noServer: true })
  server.on('upgrade', (request, socket, head) => {
    if (status && refusals-- > 0) return void socket.end(`HTTP/1.1 ${status} No\r\nContent-Length: 0\r\n\r\n`)
    sockets.handleUpgrade(request, socket, head, greet)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  open.push(async () => {
    for (const socket of sockets.clients) socket.terminate()
    server.close()
  })
  const set = openScene({
    outputs: { Url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}/live` },
    resources: [],
    aws: { region: 'us-east-1', credentials: {} },
    accountId: '123456789012',
    patience,
    ...(atRest && { atRest }),
  })
  open.push(() => set.close())
  return set
}

const echo = (socket: WebSocket) => socket.on('message', data => socket.send(String(data)))

const unmet = async (work: Promise<unknown>): Promise<Unmet> => {
  const error = await work.then(
    () => undefined,
    reason => reason,
  )
  expect(error).toBeInstanceOf(Unmet)
  return error
}

test('a stage that was asked too much at once is asked again', async () => {
  const { scene, transcript } = await stage(echo, { status: 429, refusals: 2 })
  const ana = await scene.connect('ana')
  ana.send({ text: 'hello' })
  await ana.hears({ text: 'hello' })
  expect(transcript.frames.filter(line => line === 'ana was refused (429)')).toHaveLength(2)
})

test('any other refusal is taken at its word, at once', async () => {
  const { scene, transcript } = await stage(echo, { status: 403, refusals: 1 })
  expect(await scene.isRefused('ana')).toBe(403)
  expect(transcript.frames).toEqual(['ana was refused (403)'])
})

test('what a client hears may hold more than was asked for, nested too, and is used up', async () => {
  const { scene } = await stage(echo)
  const ana = await scene.connect('ana')
  ana.send({ text: 'hello', from: { id: 7, name: 'x' }, at: 1 })
  expect(await ana.hears({ text: 'hello', from: { id: 7 } })).toMatchObject({ at: 1 })
  expect(ana.unheard).toEqual([])
})

test('many messages at once are one step, and each of them is sent', async () => {
  const { scene, transcript } = await stage(echo)
  const ana = await scene.connect('ana')
  ana.sendAll(['one', { two: 2 }, 'three'])
  for (const expected of ['one', { two: 2 }, 'three']) await ana.hears(expected)
  ana.sendAll([])
  expect(transcript.did).toEqual(['ana connected', 'ana sent 3 messages at once, the first of them one'])
  expect(transcript.frames.filter(line => line.includes('>'))).toEqual(['ana > one', 'ana > (and 2 more)'])
})

test('a text that comes back changed is unmet, with how it changed and where', async () => {
  const { scene } = await stage(socket =>
    socket.on('message', data => socket.send(String(data).replace(/"text":"\s*(.*?)\s*"}$/, '"text":"$1"}'))),
  )
  const ana = await scene.connect('ana')
  const text = awkward()
  ana.send({ text })
  ana.send('the next')
  await ana.hears('the next')
  const { expected, observed, evidence } = await unmet(ana.hears({ text }, { within: 100 }))
  expect(expected).toMatch(/^ana to hear \{"text":" {2}\w{8} .* … \([\d,]+ characters\) … .*Line {2}"\}$/)
  expect(observed).toMatch(
    /^\{"text":".*; the text that was sent is among it, but it came back trimmed at both ends$/,
  )
  expect(observed.length).toBeLessThan(500)
  expect(evidence).toEqual([
    expect.stringMatching(/^sent: {3}\w{8} Quotes "'`” .*…$/),
    expect.stringMatching(/^heard: \w{8} Quotes "'`” .*…$/),
  ])
})

test('messages in another order, and others in between, do not matter', async () => {
  const { scene } = await stage(echo)
  const ana = await scene.connect('ana')
  for (const text of ['one', 'two', 'three']) ana.send({ text })
  await ana.hears({ text: 'three' })
  await ana.hears(message => message.text === 'one')
  await ana.hearsNothing({ text: 'one' }, { within: 20 })
  expect(ana.unheard).toEqual(['{"text":"two"}'])
})

test('silence is unmet, and says who was to hear what', async () => {
  const { scene } = await stage(() => {}, { patience: 50 })
  const ana = await scene.connect('ana')
  expect(await unmet(ana.hears({ text: 'hello' }))).toMatchObject({
    expected: 'ana to hear {"text":"hello"}',
    observed: 'silence',
  })
})

test('what must not be heard is unmet when it comes late', async () => {
  const { scene } = await stage(socket => setImmediate(() => socket.send('secret')))
  const ana = await scene.connect('ana')
  expect((await unmet(ana.hearsNothing('secret', { within: HANG }))).observed).toBe('ana heard "secret"')
})

test("after the gateway's own error frame nobody waits out the whole patience", async () => {
  const { scene } = await stage(
    socket =>
      socket.on('message', () =>
        socket.send('{"message": "Forbidden", "connectionId":"a=", "requestId":"b="}'),
      ),
    { patience: 20_000 },
  )
  const ana = await scene.connect('ana')
  const ben = await scene.connect('ben')
  ana.send('x')
  // A timer that is due earlier rings earlier, however late both are.
  const wholePatience = pause(20_000, 'the whole patience', { ref: false })
  const both = Promise.all([unmet(ana.hears('hello')), unmet(ben.hears('hello'))])
  expect(await Promise.race([both, wholePatience])).toMatchObject([
    { observed: expect.stringContaining('"Forbidden"') },
    {},
  ])
})

test('a refused handshake is unmet with its status, or is what was expected', async () => {
  const { scene, transcript } = await stage(echo, { status: 403 })
  expect((await unmet(scene.connect('ana'))).observed).toBe('it was refused with 403')
  expect(await scene.isRefused('ben')).toBe(403)
  expect(transcript.frames).toEqual(['ana was refused (403)', 'ben was refused (403)'])
})

test('a socket that opens although it should be refused is unmet', async () => {
  const { scene } = await stage(echo)
  expect((await unmet(scene.isRefused('ana'))).observed).toContain('101')
})

test('nobody at the address is no promise broken: there is no connection', async () => {
  const { scene } = openScene({
    outputs: { Url: 'ws://127.0.0.1:1/live' },
    resources: [],
    aws: { region: 'us-east-1', credentials: {} },
    accountId: '1',
    patience: HANG,
  })
  await expect(scene.connect('ana')).rejects.toThrow(
    expect.objectContaining({
      name: 'Unreachable',
      message: expect.stringContaining('no connection to 127.0.0.1:1: connect ECONNREFUSED'),
    }),
  )
})

test('a close is told with its code, to who waits for it and to who waits for a message', async () => {
  const { scene } = await stage(socket => socket.on('message', () => socket.close(1009, 'too big')))
  const ana = await scene.connect('ana')
  ana.send('x')
  expect(await ana.isClosed()).toEqual({ code: 1009, reason: 'too big' })
  expect((await unmet(ana.isClosed({ code: 1001 }))).observed).toBe('it was closed with 1009')
  expect((await unmet(ana.hears('y'))).observed).toBe('silence; the connection was closed with 1009')
  expect((await unmet(ana.isStillThere())).observed).toBe('it was closed with 1009')
})

test('a client that is still there answers, and its frames are in the transcript with wscat’s marks', async () => {
  const { scene, transcript } = await stage(echo)
  const ana = await scene.connect('ana')
  ana.send({ a: 1 })
  await ana.hears({ a: 1 })
  await ana.isStillThere()
  await ana.leave()
  expect(transcript.frames).toEqual([
    'ana connected (101)',
    'ana > {"a":1}',
    'ana < {"a":1}',
    'ana closed 1005',
  ])
  expect(transcript.did).toEqual(['ana connected', 'ana sent {"a":1}', 'ana left'])
})

test('an output that is not there is unmet, and says which there are', async () => {
  const { scene } = await stage(echo)
  expect(await unmet(Promise.resolve().then(() => scene.output('TableName')))).toMatchObject({
    expected: 'an output TableName',
    observed: "the stack's outputs: Url",
  })
})

/** An account that is at rest when it is told so, and how many clients it then counts. */
function account(connected: number) {
  let rest = (_: number) => {}
  const resting = new Promise<number>(resolve => {
    rest = resolve
  })
  return { atRest: () => resting, rests: () => rest(connected) }
}

test('a silence that is proved is not waited out; what was on its way when all came to rest is heard', async () => {
  const { atRest, rests } = account(1)
  const { scene } = await stage(
    socket =>
      socket.on('message', data => {
        socket.send(String(data))
        rests()
      }),
    // Longer than a test may take.
    { patience: 2 * HUNG_TEST, atRest },
  )
  const ana = await scene.connect('ana')
  ana.send('hello')
  await ana.hears('hello')
  expect((await unmet(ana.hears('more'))).observed).toBe('silence')
  expect((await unmet(scene.eventually('a miracle', async () => undefined))).observed).toMatch(/^nothing of/)
})

test('what is to stay is looked at again when all has come to rest', async () => {
  const { atRest, rests } = account(0)
  const { scene } = await stage(echo, { patience: 2 * HUNG_TEST, atRest })
  let asked = 0
  const ask = async () => {
    asked += 1
    if (asked === 2) rests()
    return asked === 1 ? 'for a moment' : undefined
  }
  expect((await unmet(scene.eventually('a miracle', ask, { stays: true }))).observed).toMatch(/^nothing of/)
  expect(await scene.eventually('a wonder', async () => 'for good', { stays: true })).toBe('for good')
})

test('what is to stay is believed after a while where nothing ever comes to rest', async () => {
  const { scene } = await stage(echo, { patience: 2 * HUNG_TEST, atRest: account(0).atRest })
  expect(await scene.eventually('a wonder', async () => 'for good', { stays: true })).toBe('for good')
})

test('with more clients connected than the scene knows, or without rest, a silence is waited out', async () => {
  const { atRest, rests } = account(2)
  const { scene } = await stage(echo, { patience: 300, atRest })
  const ana = await scene.connect('ana')
  for (const makeSure of [() => {}, rests]) {
    makeSure()
    const started = Date.now()
    await unmet(ana.hears('hello'))
    expect(Date.now() - started).toBeGreaterThanOrEqual(299)
  }
})

/** A scene on a stack with these outputs, whose API is at `127.0.0.1:1`. */
const sceneWith = (outputs: Record<string, string>) =>
  openScene({
    outputs,
    resources: [],
    aws: { region: 'us-east-1', credentials: {} },
    accountId: '1',
    patience: 1_000,
    apiHosts: ['127.0.0.1:1'],
  }).scene

test.each([
  [{ Url: 'https://127.0.0.1:1/live' }, /^the output Url is https:/, /begins with wss:\/\/.*HTTP requests/],
  [{ Url: 'ftp://127.0.0.1:1' }, /^the output Url is ftp:/, /begins with wss:/],
  [{ Url: 'live' }, /^the output Url is live/, /it is no address/],
  [{ Url: '' }, /^the output Url is empty/, /it is no address/],
  [{ Url: 'wss://example.com/live' }, /is wss:\/\/example\.com/, /^example\.com is no API of this stack/],
  [{ Address: 'wss://x' }, /^the stack's outputs: Address$/, /no output Url/],
])('outputs %j are told as what is wrong with them', async (outputs, observed, means) => {
  const error = await unmet(sceneWith(outputs).connect('ana'))
  expect(error.observed).toMatch(observed)
  expect(error.means).toMatch(means)
})

test('where the target cannot tell, one quiet window of seconds is shared by all who ask, and begins anew when something is done', async () => {
  const { scene } = await stage(echo, { patience: 60_000 })
  const [ana, ben] = [await scene.connect('ana'), await scene.connect('ben')]
  const began = Date.now()
  await Promise.all([ana.hearsNothing('x'), ben.hearsNothing('x')])
  const window = Date.now() - began
  expect(window).toBeGreaterThanOrEqual(2_500)
  // What is left of it is nothing.
  const again = Date.now()
  await ana.hearsNothing('y')
  expect(Date.now() - again).toBeLessThan(window)
  ana.send('y')
  expect((await unmet(ana.hearsNothing('y'))).observed).toBe('ana heard "y"')
})
