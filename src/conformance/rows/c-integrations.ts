import { PostToConnectionCommand } from '@aws-sdk/client-apigatewaymanagementapi'
import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb'
import { ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs'
import { assert } from '../assert.ts'
import { mocks as cdkMocks } from '../grounds/deployment.ts'
import { backedByHttp } from '../grounds/http.ts'
import { byVariable, http, impossible, mocks, responseFor, services, ways } from '../grounds/integrations.ts'
import { withTimeout } from '../grounds/limits.ts'
import { plain } from '../grounds/plain.ts'
import { fact, type Row } from '../row.ts'
import type { Socket } from '../socket.ts'
import type { Standing } from '../standing.ts'
import type { World } from '../world.ts'
import { assertErrorFrame } from './frames.ts'
import { idOf } from './people.ts'
import { assertRefused } from './refused.ts'

/** What comes back for one message. */
async function answer(socket: Socket, message: unknown): Promise<string> {
  socket.send(message)
  return socket.hears()
}

/** What a puppet's return value becomes on a two-way route. */
const returned = async (up: Standing, value: unknown): Promise<string> =>
  answer(await up.connect(), { action: 'ask', do: { return: value } })

/** Sends something that must not be answered, and waits until it has been dealt with. */
async function unanswered(
  up: Standing,
  socket: Socket,
  message: { readonly nonce: string; readonly action: string; readonly do: object },
  log: string,
) {
  socket.send(message)
  await up.saw(up.output(log), message.nonce)
  await up.settled()
  await socket.hasHeardNothing()
}

/** A backend's log of requests, and a stack that has it behind its routes. */
async function withBackend(world: World) {
  const requests: { url: string; headers: NodeJS.Dict<string | string[]>; body: Buffer }[] = []
  const backend = await world.backend(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    requests.push({ url: request.url ?? '', headers: request.headers, body: Buffer.concat(chunks) })
    response.statusCode = request.url === '/missing' ? 404 : 200
    response.setHeader('Kind', 'good')
    response.end(request.url === '/bytes' ? Buffer.from([0, 255, 7]) : 'from the backend')
  })
  const up = await world.own(http(backend))
  return { up, requests, socket: await up.connect() }
}

/** The next message in a queue that only the asking row puts something into. */
const received = (up: Standing, queue: 'QueueUrl' | 'TopicQueueUrl'): Promise<string> =>
  up.eventually('message in the queue', async () => {
    const { Messages: [message] = [] } = await up
      .aws(SQSClient)
      .send(new ReceiveMessageCommand({ QueueUrl: up.output(queue), WaitTimeSeconds: 1 }))
    return message?.Body
  })

/** Section C: what goes back to the client, and what stands behind a route. */
export const integrations: readonly Row[] = [
  fact(
    'C1',
    'H',
    "Routes are one-way by default: a function's answer is dropped, whatever its status",
    async world => {
      const up = await world.on(plain)
      const socket = await up.connect()
      for (const statusCode of [200, 301, 401, 501]) {
        const order = { return: { statusCode, body: 'unheard' } }
        const message = { action: 'do', do: order, nonce: world.nonce() }
        await unanswered(up, socket, message, 'MessageLogName')
      }
    },
    'That a response with members beside its own is malformed and brings the error frame is assumed, from one report',
  ),
  fact(
    'C2',
    'H',
    'Two-way takes both, a response selection expression and a route response, `$default` each; another key is refused, and so are models',
    async world => {
      const up = await world.on(ways)
      const socket = await up.connect()
      const order = { return: { statusCode: 200, body: 'heard' } }
      assert.equal(await answer(socket, { action: 'both', do: order }), 'heard')
      for (const action of ['expressionOnly', 'responseOnly', 'neither'])
        await unanswered(up, socket, { action, do: order, nonce: world.nonce() }, 'AskLogName')
      await assertRefused(world, responseFor('200'), /\$default|route ?response/i)
      await assertRefused(
        world,
        responseFor('$default', { responseModels: { $default: 'Empty' } }),
        /models/i,
      )
    },
  ),
  fact('C3', 'H', 'The `body` of the answer is sent as it is; status and headers are lost', async world => {
    const up = await world.on(plain)
    const headers = { 'X-Mine': 'lost' }
    assert.equal(await returned(up, { statusCode: 201, headers, body: ' {"a" :1}\n' }), ' {"a" :1}\n')
  }),
  fact('C4', 'M-H', 'With status 500 the body is delivered all the same', async world => {
    assert.equal(await returned(await world.on(plain), { statusCode: 500, body: 'sorry' }), 'sorry')
  }),
  fact('C5', 'M', 'No `body`: an empty message', async world => {
    assert.equal(await returned(await world.on(plain), { statusCode: 200 }), '')
  }),
  fact('C6', 'L-M', 'A `body` that is no text: `Internal server error`', async world => {
    const frame = await returned(await world.on(plain), { statusCode: 200, body: { an: 'object' } })
    assertErrorFrame(frame, 'Internal server error')
  }),
  fact('C7', 'L', '`isBase64Encoded: true` is answered somehow', async world => {
    const value = { statusCode: 200, body: 'aGVsbG8=', isBase64Encoded: true }
    assert.ok((await returned(await world.on(plain), value)).length > 0)
  }),
  fact('C8', 'M', 'A one-way function that returns nothing: no frame, no error', async world => {
    const up = await world.on(plain)
    const order = { return: null }
    const message = { action: 'do', do: order, nonce: world.nonce() }
    await unanswered(up, await up.connect(), message, 'MessageLogName')
  }),
  fact(
    'C9',
    'H',
    "A proxy's answer goes straight to the client: there are no integration responses. Others choose one by the backend's status, and its template by a header (C11, C12)",
    async world => {
      const { socket } = await withBackend(world)
      assert.equal(await answer(socket, { action: 'proxy' }), 'from the backend')
      assert.equal(await answer(socket, { action: 'chosen', path: 'missing' }), 'bad')
      assert.equal(await answer(socket, { action: 'chosen', path: 'there' }), 'it was good')
    },
  ),
  fact(
    'C10',
    'H',
    'Others need an integration response: `$default`, or a regular expression between slashes; without one there is no reply',
    async world => {
      const up = await world.on(mocks)
      const socket = await up.connect()
      assert.equal(await answer(socket, { action: 'byStatus', status: 201 }), 'good')
      assert.equal(await answer(socket, { action: 'byStatus', status: 404 }), 'bad')
      assert.equal(await answer(socket, { action: 'byStatus', status: 500 }), 'else')
      socket.send({ action: 'silent' })
      await up.settled()
      await socket.hasHeardNothing()
    },
  ),
  fact(
    'C11',
    'H',
    "It is chosen by a mock's or backend's status, and by the `errorMessage` of a function",
    async world => {
      const status = await (await world.on(mocks)).connect()
      assert.equal(await answer(status, { action: 'byStatus', status: 404 }), 'bad')
      const socket = await (await world.on(services)).connect()
      const failing = { throw: { message: 'I am a teapot' } }
      assert.equal(await answer(socket, { action: 'custom', do: failing }), 'short and stout')
      assert.equal(await answer(socket, { action: 'custom', do: { return: 7 } }), 'got 7')
    },
    'By the status of an HTTP backend: C9',
  ),
  fact(
    'C12',
    'H',
    'A template is chosen by an expression on the message, or on the status of the answer; a fixed text is written `\\$default`',
    async world => {
      const socket = await (await world.on(mocks)).connect()
      assert.equal(await answer(socket, { action: 'chosen', kind: 'good' }), 'good')
      assert.equal(await answer(socket, { action: 'chosen', kind: 'bad' }), 'bad')
      assert.equal(await answer(socket, { action: 'chosen', kind: 'other' }), 'else')
      assert.equal(await answer(socket, { action: 'byAnswer', status: 404 }), 'it was 404')
    },
    'By a header of the answer: C9',
  ),
  fact(
    'C13',
    'H',
    'No template fits: WHEN_NO_MATCH passes the message on, NEVER refuses it, WHEN_NO_TEMPLATES passes it on only if there is no template at all',
    async world => {
      const socket = await (await world.on(mocks)).connect()
      // A mock answers with the status that it is given: 404 comes from the message, 200 would come from a template.
      const message = { statusCode: 404, kind: 'unknown' }
      for (const action of ['always', 'alwaysWithNone', 'unlessSomeWithNone'])
        assert.equal(await answer(socket, { action, ...message }), 'passed on')
      for (const action of ['always', 'never', 'unlessSome'])
        assert.equal(await answer(socket, { action, ...message, kind: 'known' }), 'templated')
      for (const action of ['never', 'neverWithNone', 'unlessSome'])
        assertErrorFrame(await answer(socket, { action, ...message }), 'Unsupported Media Type')
    },
    "The text of the refusal is REST's",
  ),
  fact(
    'C14',
    'H',
    'A mock needs `{"statusCode":200}` from its request template; the reply is its response template',
    async world => {
      const up = await world.on(mocks)
      assert.equal(await answer(await up.connect(), { action: 'pong' }), '{"pong":true}')
      const byCdk = await (await world.on(cdkMocks)).connect('Speaking')
      assert.equal(await answer(byCdk, { action: 'ping' }), '{"pong":true}')
      const statusless = await answer(await up.connect(), { action: 'statusless' })
      assertErrorFrame(statusless, 'Internal server error')
    },
    'That it fails without is from REST; there are no metrics here that could lack its latency',
  ),
  fact('C15', 'H', 'Types: AWS, AWS_PROXY, HTTP, HTTP_PROXY, MOCK; 50 to 29,000 ms', async world => {
    await assertRefused(world, impossible('GRPC'), /GRPC|integration ?type/i)
    await assertRefused(world, withTimeout(29_001), /timeout/i)
    await assertRefused(world, withTimeout(49), /timeout/i)
    for (const timeout of [50, 29_000]) await world.own(withTimeout(timeout))
  }),
  fact(
    'C16',
    'H',
    'A proxied function is waited for; `X-Amz-Invocation-Type: Event` of an AWS integration does not wait',
    async world => {
      const up = await world.on(services)
      const socket = await up.connect()
      const nonce = world.nonce()
      const wait = { wait: 1000, return: 'done' }
      assert.equal(await answer(socket, { action: 'custom', do: wait }), 'got "done"')
      // Lambda answers 202 to who does not wait, and 200 to who does.
      assert.equal(await answer(socket, { action: 'later', do: wait, nonce }), 'queued')
      await up.saw(up.output('CustomLogName'), nonce)
    },
    'That it does not wait is documented for REST APIs',
  ),
  fact('C17', 'H', 'SQS without a function: the template makes a form of the message', async world => {
    const up = await world.on(services)
    const socket = await up.connect()
    const message = { action: 'queue', nonce: world.nonce(), odd: 'a&b=c +d' }
    socket.send(message)
    assert.deepEqual(JSON.parse(await received(up, 'QueueUrl')), message)
    await up.settled()
    await socket.hasHeardNothing()
  }),
  fact(
    'C18',
    'H',
    'DynamoDB and SNS likewise, by action',
    async world => {
      const up = await world.on(services)
      const socket = await up.connect()
      const id = world.nonce()
      assert.equal(await answer(socket, { action: 'table', id }), 'written')
      const { Item } = await up
        .aws(DynamoDBClient)
        .send(new GetItemCommand({ TableName: up.output('TableName'), Key: { id: { S: id } } }))
      assert.match(Item?.by?.S ?? '', /=$/)
      socket.send({ action: 'topic', id })
      assert.deepEqual(JSON.parse(await received(up, 'TopicQueueUrl')), { action: 'topic', id })
    },
    'That of SNS is less sure',
  ),
  fact(
    'C19',
    'M-H',
    'A backend is not told the `connectionId` unless it is mapped',
    async world => {
      const { socket, requests } = await withBackend(world)
      await answer(socket, { action: 'proxy' })
      await answer(socket, { action: 'mapped' })
      const [proxied, mapped] = requests
      assert.equal(proxied?.headers.connectionid, undefined)
      assert.match(String(mapped?.headers.connectionid), /=$/)
    },
    'VPC links are not modelled: a VPC',
  ),
  fact(
    'C20',
    'H',
    'Parameters are mapped from the body, the context, stage variables and fixed texts; on `$connect` also from headers and query string',
    async world => {
      const { socket, requests } = await withBackend(world)
      await answer(socket, { action: 'mapped', room: 'a b' })
      const { url, headers } = requests[0]!
      assert.deepEqual([headers.colour, headers.fixed], ['blue', 'always'])
      assert.equal(new URL(url, 'http://backend').searchParams.get('room'), 'a b')
      // A message has neither headers nor a query string.
      assert.equal(headers.agent, undefined)

      const seen: NodeJS.Dict<string | string[]>[] = []
      const backend = await world.backend((request, response) => {
        seen.push(request.headers)
        response.end()
      })
      const behind = await world.own(backedByHttp(backend))
      const knocked = await behind.knock(`${behind.output('Mapped')}?token=a&token=b`, {
        headers: { 'X-Mine': 'mine' },
      })
      assert.equal(knocked.status, 101)
      assert.deepEqual([seen[0]?.mine, seen[0]?.token, seen[0]?.tokens], ['mine', 'b', 'a, b'])
    },
    'Which of several values is mapped, the last, is assumed',
  ),
  fact(
    'C21',
    'H',
    'Templates are in VTL, with `$input`, `$context`, `$stageVariables` and `$util`',
    async world => {
      const up = await world.on(mocks)
      const heard = JSON.parse(await answer(await up.connect(), { action: 'vtl' }))
      assert.match(heard.connectionId, /=$/)
      assert.deepEqual(
        { ...heard, connectionId: '' },
        {
          routeKey: 'vtl',
          connectionId: '',
          escaped: 'say "hi"',
          url: 'a+b%26c',
          back: 'a b&c',
          base64: 'aGVsbG8=',
          text: 'hello',
          parsed: 7,
          colours: ['red', 'blue'],
          variable: 'green',
        },
      )
      const { a, ...shaped } = JSON.parse(
        (
          await answer(await (await world.on(services)).connect(), '{"action": "shaped", "a": {"b": "c"}}')
        ).replace(/^got /, ''),
      )
      assert.deepEqual(a, { b: 'c' })
      assert.deepEqual(shaped, {
        path: 'c',
        body: '{"action": "shaped", "a": {"b": "c"}}',
        json: { action: 'shaped', a: { b: 'c' } },
      })
    },
    'The 300 KB are G7',
  ),
  fact('C22', 'H', 'A binary frame ends the connection: 1003', async world => {
    const socket = await (await world.on(plain)).connect()
    socket.send(Buffer.from('{"action":"ask"}'))
    assert.equal((await socket.closed()).code, 1003)
  }),
  fact(
    'C23',
    'H',
    'CONVERT_TO_BINARY decodes base64 text for the backend, CONVERT_TO_TEXT encodes its answer',
    async world => {
      const { socket, requests } = await withBackend(world)
      const data = Buffer.from([1, 2, 254]).toString('base64')
      assert.equal(
        await answer(socket, { action: 'bytes', data }),
        Buffer.from([0, 255, 7]).toString('base64'),
      )
      assert.deepEqual([...requests[0]!.body], [1, 2, 254])
    },
  ),
  fact('C24', 'M-H', 'What is posted arrives as text, whatever `Data` is', async world => {
    const up = await world.on(plain)
    const socket = await up.connect()
    const ConnectionId = await idOf(up, socket)
    const Data = new TextEncoder().encode('bytes')
    await up.management().send(new PostToConnectionCommand({ ConnectionId, Data }))
    assert.equal(await socket.hears(), 'bytes')
  }),
  fact(
    'C25',
    'H',
    "HTTP_PROXY: the message is the request's body, the answer's body the reply",
    async world => {
      const { socket, requests } = await withBackend(world)
      assert.equal(await answer(socket, '{"action": "proxy"}'), 'from the backend')
      assert.equal(String(requests[0]?.body), '{"action": "proxy"}')
    },
  ),
  fact('C26', 'M', '`$connect` sends no message, even with a route response', async world => {
    const up = await world.on(ways)
    const order = { return: { statusCode: 200, body: 'unheard' } }
    const socket = await up.connect('Url', { query: { do: order } })
    assert.ok(JSON.parse(await answer(socket, { action: 'both', do: { echo: true } })).requestContext)
    await socket.hasHeardNothing()
  }),
  fact(
    'C27',
    'H',
    'A stage variable may name the function; that one needs its own permission',
    async world => {
      const up = await world.on(byVariable)
      assert.ok(JSON.parse(await answer(await up.connect(), { action: 'ask', do: { echo: true } })))
      const frame = await answer(await up.connect('NotAllowed'), { action: 'ask', do: { echo: true } })
      assertErrorFrame(frame, 'Internal server error')
    },
  ),
]
