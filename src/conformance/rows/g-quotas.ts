import { once } from 'node:events'
import { GetConnectionCommand } from '@aws-sdk/client-apigatewaymanagementapi'
import { CloudWatchClient, GetMetricStatisticsCommand } from '@aws-sdk/client-cloudwatch'
import { DeployFailed } from '#kit'
import { assert } from '../assert.ts'
import { throttled } from '../grounds/lifecycle.ts'
import { functionless, many, throttledRoute, trickling, withTimeout } from '../grounds/limits.ts'
import { accessLogOf, logged, onLogged } from '../grounds/logging.ts'
import { measured } from '../grounds/measured.ts'
import { plain } from '../grounds/plain.ts'
import { fact, notModelled, type Row } from '../row.ts'
import type { Socket } from '../socket.ts'
import { assertRefused } from './refused.ts'

/** A text message in frames of at most 32 KB, as a sender has to make them. */
function sendInFrames({ ws }: Socket, text: string): void {
  for (let at = 0; at < text.length; at += 32_768) {
    ws.send(text.slice(at, at + 32_768), { fin: at + 32_768 >= text.length, compress: false })
  }
}

/** Waits until the server has read what was sent, for as long as the row may take: thousands of messages take a while. */
async function caughtUp({ ws }: Socket): Promise<void> {
  const pong = once(ws, 'pong')
  ws.ping()
  await pong
}

const uncompressed = { ws: { perMessageDeflate: false } }

/** Section G: how much of everything. */
export const quotas: readonly Row[] = [
  fact('G1', 'H', '500 new connections a second in an account; more are answered 429', async world => {
    const up = await (await world.alone()).own(functionless)
    const knockAll = async (times: number) =>
      (await Promise.all(Array.from({ length: times }, () => up.knock()))).map(({ status }) => status)
    assert.deepEqual(new Set(await knockAll(250)), new Set([101]))
    const rest = await knockAll(300)
    assert.equal(rest.filter(status => status === 101).length, 250)
    assert.equal(rest.filter(status => status === 429).length, 50)
    up.advance(1000)
    assert.deepEqual(await knockAll(1), [101])
  }),
  fact(
    'G2',
    'H',
    'An API has at most 300 routes, 300 integrations, 10 stages and 10 authorizers',
    async world => {
      for (const [what, most] of [
        ['Stage', 10],
        ['Authorizer', 10],
        ['Integration', 300],
        ['Route', 300],
      ] as const) {
        const up = await world.own(many(what, most))
        await assert.rejects(
          up.update(many(what, most + 1)),
          (error: Error) => error instanceof DeployFailed && /maximum number|limit/i.test(error.message),
        )
      }
    },
    'The 8 KB of an authorizer’s answer are F12',
  ),
  fact('G3', 'H', 'A message may have 128 KB, a frame 32 KB: 1009', async world => {
    const up = await world.on(plain)
    const socket = await up.connect('Url', uncompressed)
    const order = (padding: number) =>
      JSON.stringify({
        action: 'ask',
        do: { return: { statusCode: 200, body: 'arrived' } },
        x: 'x'.repeat(padding),
      })
    sendInFrames(socket, order(131_072 - order(0).length))
    assert.equal(await socket.hears(), 'arrived')
    sendInFrames(socket, order(131_073 - order(0).length))
    assert.equal((await socket.closed()).code, 1009)
    const other = await up.connect('Url', uncompressed)
    other.send('x'.repeat(33_000))
    assert.equal((await other.closed()).code, 1009)
  }),
  fact('G4', 'H', 'Browsers and `ws` send a message in one frame: 33 KB end the connection', async world => {
    const up = await world.on(plain)
    const socket = await up.connect()
    socket.send({ action: 'ask', text: 'x'.repeat(33_000) })
    assert.equal((await socket.closed()).code, 1009)
  }),
  fact('G5', 'L', '32,768 bytes are let through, a thousand more are not', async world => {
    const up = await world.on(plain)
    const socket = await up.connect('Url', uncompressed)
    const order = JSON.stringify({ action: 'ask', do: { echo: true }, x: '' })
    socket.send(order.replace('"x":""', `"x":"${'x'.repeat(32_768 - order.length)}"`))
    assert.ok((await socket.hears()).length > 32_768)
    socket.send('x'.repeat(33_768))
    assert.equal((await socket.closed()).code, 1009)
  }),
  fact(
    'G6',
    'H',
    'An integration may take 50 ms to 29 s; ten minutes idle, two hours at most (A35, A36)',
    async world => {
      await assertRefused(world, withTimeout(49), /timeout/i)
      await assertRefused(world, withTimeout(29_001), /timeout/i)
    },
  ),
  fact(
    'G7',
    'H',
    'The format of an access log has at most 3 KB, entries of an execution log are cut at 1,024 bytes, a URL at 4,096 (A3)',
    async world => {
      const up = await onLogged(world, logged)
      const tooLong = accessLogOf(world.target, `$context.requestId ${'x'.repeat(3 * 1024)}`)
      await assertRefused(world, tooLong, /format/i)
      const nonce = world.nonce()
      const socket = await up.connect()
      socket.send({
        action: 'ask',
        do: { return: { statusCode: 200, body: 'heard' } },
        nonce,
        x: 'x'.repeat(3000),
      })
      assert.equal(await socket.hears(), 'heard')
      const line = await up.logs(up.output('ExecutionLogName'), nonce)
      const bytes = Buffer.byteLength(line)
      assert.ok(bytes > 900 && bytes <= 1024, String(bytes))
    },
    'The 300 KB of a mapping template cannot be tried with a template of 51,200 bytes',
  ),
  fact(
    'G8',
    'H',
    'An account has 10,000 requests a second, 5,000 at once; messages count, and so do calls of @connections',
    async world => {
      const up = await (await world.alone()).own(functionless)
      const socket = await up.connect()
      // The handshake was one, this call is another.
      const unknown = new GetConnectionCommand({ ConnectionId: 'AAAAAAAAAAAAAAA=' })
      await assert.rejects(up.management().send(unknown), { name: 'GoneException' })
      for (let sent = 2; sent < 5000; sent++) {
        socket.send('x')
        if (sent % 500 === 0) await caughtUp(socket)
      }
      await caughtUp(socket)
      await socket.hasHeardNothing()
      socket.send('x')
      assert.match(await socket.hears(), /"Too Many Requests"/)
      await assert.rejects(up.management().send(unknown), { name: 'LimitExceededException' })
      up.advance(1)
      for (let sent = 0; sent < 10; sent++) socket.send('x')
      await socket.hasHeardNothing()
    },
    'What a throttled message is answered is assumed (G10)',
  ),
  fact(
    'G9',
    'H',
    'A stage has a throttle, a token bucket: some come in, then 429, later some more. One of 0 lets nobody in',
    async world => {
      const nobody = await world.on(throttled)
      for (let times = 0; times < 3; times++) assert.equal((await nobody.knock()).status, 429)
      const up = await world.own(trickling)
      const all = await Promise.all(Array.from({ length: 20 }, () => up.knock()))
      assert.deepEqual(new Set(all.map(({ status }) => status)), new Set([101, 429]))
      await up.eventually('token', async () => ((await up.knock()).status === 101 ? true : undefined))
    },
    'Terraform itself is not tried',
  ),
  fact('G10', 'L', 'A throttled message is answered by a frame, or ends the connection', async world => {
    const up = await world.on(throttledRoute)
    const socket = await up.connect()
    socket.send({ action: 'ask' })
    const heard = await socket.hears().catch(async () => (await socket.closed()).code)
    assert.ok(heard === 1008 || /"Too Many Requests"/.test(String(heard)))
  }),
  notModelled('G11', 'M', 'The management API has low rates of its own', 'a quota of the account'),
  notModelled('G12', 'M-H', 'What it costs', 'a price'),
  fact(
    'G13',
    'H',
    'CloudWatch counts connects, messages both ways, and errors of clients, of calling integrations and of integrations; by API, stage and, if asked for, route',
    async world => {
      const up = await world.own(measured)
      const since = Date.now()
      const socket = await up.connect()
      socket.send({ action: 'ask', do: { return: { statusCode: 200, body: 'one' } } })
      assert.equal(await socket.hears(), 'one')
      socket.send({ action: 'ask', do: { return: { statusCode: 500, body: 'two' } } })
      assert.equal(await socket.hears(), 'two')
      socket.send({ action: 'closed' })
      assert.match(await socket.hears(), /Internal server error/)
      socket.send({ action: 'nowhere' })
      assert.match(await socket.hears(), /Forbidden/)
      await up.settled()

      const cloudWatch = up.aws(CloudWatchClient)
      const [ApiId, Stage] = [up.output('ApiId'), 'live']
      const counted = async (metric: string, dimensions: Readonly<Record<string, string>>) => {
        const { Datapoints = [] } = await cloudWatch.send(
          new GetMetricStatisticsCommand({
            Namespace: 'AWS/ApiGateway',
            MetricName: metric,
            Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
            StartTime: new Date(since - 60_000),
            EndTime: new Date(since + 3_600_000),
            Period: 60,
            Statistics: ['Sum'],
          }),
        )
        return Datapoints.reduce((sum, { Sum = 0 }) => sum + Sum, 0)
      }
      const expected = [
        ['ConnectCount', { ApiId }, 1],
        ['ConnectCount', { ApiId, Stage, Route: '$connect' }, 1],
        ['MessageCount', { ApiId, Stage }, 8],
        ['MessageCount', { ApiId, Stage, Route: 'ask' }, 4],
        ['IntegrationError', { ApiId, Stage, Route: 'ask' }, 1],
        ['IntegrationError', { ApiId }, 1],
        ['ExecutionError', { ApiId, Stage, Route: 'closed' }, 1],
        ['ExecutionError', { ApiId }, 1],
        ['ClientError', { ApiId, Stage }, 1],
        ['ConnectCount', { Stage }, 0],
      ] as const
      for (const [metric, dimensions, count] of expected) {
        const where = `${metric} of ${Object.keys(dimensions)}`
        await up.eventually(`${count} ${where}`, async () =>
          (await counted(metric, dimensions)) === count ? true : undefined,
        )
      }
    },
    'Which kind of error a given failure is, and that frames of the gateway’s own count as messages, is assumed',
  ),
  notModelled('G14', 'H', 'Some refusals leave no logs and no metrics', 'when that is, nobody says'),
]
