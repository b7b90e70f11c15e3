import * as sdk from '@aws-sdk/client-apigatewaymanagementapi'
import {
  type ApiGatewayManagementApiClient,
  DeleteConnectionCommand,
  GetConnectionCommand,
  PostToConnectionCommand,
} from '@aws-sdk/client-apigatewaymanagementapi'
import { assert } from '../assert.ts'
import { ON_DOMAIN, onCustomDomain } from '../grounds/custom-domain.ts'
import { inVpc } from '../grounds/in-vpc.ts'
import { permitted } from '../grounds/management.ts'
import { plain } from '../grounds/plain.ts'
import type { CallEnded, SdkCall } from '../puppet.ts'
import { fact, type Row } from '../row.ts'
import type { KnockOptions, Socket } from '../socket.ts'
import type { Standing } from '../standing.ts'
import { onTheWire } from '../wire.ts'
import type { World } from '../world.ts'
import { credentialsOf } from './address.ts'
import { assertErrorFrame } from './frames.ts'
import { idOf } from './people.ts'

const post = (ConnectionId: string, Data: string | Uint8Array) =>
  new PostToConnectionCommand({ ConnectionId, Data })

/** What the SDK says of an error. */
const refusal = (client: ApiGatewayManagementApiClient, command: any): Promise<any> =>
  client.send(command).then(
    () => assert.fail('it was not refused'),
    (error: unknown) => error,
  )

/** Somebody who is connected, and their id. */
async function somebody(
  world: World,
  options: KnockOptions = {},
): Promise<{ up: Standing; socket: Socket; id: string }> {
  const up = await world.on(plain)
  const socket = await up.connect('Url', options)
  return { up, socket, id: await idOf(up, socket) }
}

/** The id of somebody who was connected, and one as well-formed that nobody has. */
async function absent(world: World): Promise<{ up: Standing; closed: string; unknown: string }> {
  const { up, socket, id: closed } = await somebody(world)
  socket.ws.close()
  await up.saw(up.output('DisconnectLogName'), closed)
  const unknown = closed.replace(/^./, first => (first === 'A' ? 'B' : 'A'))
  return { up, closed, unknown }
}

/** A call by a function on a route of `permitted`, about the caller's own connection. */
async function calledOn(
  up: Standing,
  action: string,
  command: string,
  more: Partial<SdkCall> = {},
): Promise<CallEnded> {
  const socket = await up.connect()
  const call = {
    client: 'apigatewaymanagementapi',
    command,
    config: { endpoint: 'https://$domainName/$stage', maxAttempts: 1 },
    input: { ConnectionId: '$connectionId', ...(command === 'PostToConnection' && { Data: 'hello' }) },
    ...more,
  }
  socket.send({ action, do: { call: [call] } })
  for (;;) {
    const heard = await socket.hears()
    if (heard !== 'hello') return JSON.parse(heard)[0]
  }
}

/** What IAM says of @connections, account masked and `{connectionId}` literal (facts: E11). */
const denial = (up: Standing, method: string) =>
  new RegExp(
    `^User: arn:aws:sts::${up.accountId}:assumed-role/[\\w-]+/[\\w-]+ is not authorized to perform: execute-api:ManageConnections on resource: ` +
      `arn:aws:execute-api:${up.region}:\\*{8}${up.accountId.slice(-4)}:${up.output('ApiId')}/live/${method}/@connections/\\{connectionId\\}`,
  )

/** Section E: the API by which a backend speaks to clients. */
export const connections: readonly Row[] = [
  fact(
    'E1',
    'H',
    'POST sends, GET tells, DELETE closes, at `https://…/{stage}/@connections/{connectionId}`',
    async world => {
      const { up, socket, id } = await somebody(world)
      const client = up.management()
      await client.send(post(id, 'hello'))
      assert.equal(await socket.hears(), 'hello')
      assert.ok((await client.send(new GetConnectionCommand({ ConnectionId: id }))).ConnectedAt)
      await client.send(new DeleteConnectionCommand({ ConnectionId: id }))
      await socket.closed()
    },
  ),
  fact(
    'E2',
    'H',
    'On the wire `=` is encoded and `@` is not; the body is `application/octet-stream`',
    async world => {
      const { up } = await somebody(world)
      const { request } = await onTheWire(up.management(), post('gone=', 'hello'))
      assert.equal(request.method, 'POST')
      assert.equal(request.path, '/live/@connections/gone%3D')
      assert.equal(request.headers['content-type'], 'application/octet-stream')
    },
  ),
  fact(
    'E3',
    'H',
    'POST and GET answer 200, DELETE 204 without a body; ids are in the headers',
    async world => {
      const { up, id } = await somebody(world)
      const commands = [
        post(id, 'hello'),
        new GetConnectionCommand({ ConnectionId: id }),
        new DeleteConnectionCommand({ ConnectionId: id }),
      ]
      const answers = []
      for (const command of commands) answers.push((await onTheWire(up.management(), command)).response)
      assert.deepEqual(
        answers.map(({ status }) => status),
        [200, 200, 204],
      )
      const [posted, got, deleted] = answers
      assert.equal(got!.headers['content-type'], 'application/json')
      assert.equal(Number(got!.headers['content-length']), Buffer.byteLength(got!.body))
      assert.equal(posted!.headers['content-type'], 'application/json')
      assert.equal(posted!.headers['content-length'], '0')
      assert.equal(deleted!.body, '')
      for (const { headers } of answers) {
        assert.match(headers['x-amzn-requestid']!, /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/)
        assert.ok(headers['x-amz-apigw-id'])
        assert.ok(headers['x-amzn-trace-id'])
      }
    },
  ),
  fact('E4', 'H', 'GET answers with `identity` and two ISO times, pretty-printed', async world => {
    const { up, id } = await somebody(world)
    const command = new GetConnectionCommand({ ConnectionId: id })
    const { body } = (await onTheWire(up.management(), command)).response
    const time = '"\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z"'
    assert.match(body, /"sourceIp" : "/)
    assert.match(body, /"userAgent" : null/)
    assert.match(body, new RegExp(`"connectedAt" : ${time}`))
    assert.match(body, new RegExp(`"lastActiveAt" : ${time}`))
    const { ConnectedAt, LastActiveAt, Identity } = await up.management().send(command)
    assert.ok(ConnectedAt instanceof Date && LastActiveAt instanceof Date)
    assert.deepEqual(Object.keys(JSON.parse(body)).sort(), ['connectedAt', 'identity', 'lastActiveAt'])
    assert.equal(Identity?.UserAgent, undefined)
    const named = await somebody(world, { headers: { 'User-Agent': 'conformance' } })
    const other = await up.management().send(new GetConnectionCommand({ ConnectionId: named.id }))
    assert.equal(other.Identity?.UserAgent, 'conformance')
  }),
  fact(
    'E5',
    'H',
    'A well-formed id that nobody has, or whose connection is closed: 410 without a body, `GoneException`; the SDK says `UnknownError`',
    async world => {
      const { up, closed, unknown } = await absent(world)
      for (const gone of [closed, unknown]) {
        const { status, headers, body } = (await onTheWire(up.management(), post(gone, 'hello'))).response
        assert.equal(status, 410)
        assert.equal(body, '')
        assert.equal(headers['x-amzn-errortype'], 'GoneException')
        const error = await refusal(up.management(), post(gone, 'hello'))
        assert.ok(error instanceof sdk.GoneException)
        assert.equal(error.message, 'UnknownError')
      }
    },
    'What other SDKs make of it is not tried',
  ),
  fact('E6', 'H', 'A malformed id: 400 `BadRequestException`, `Invalid connectionId: …`', async world => {
    const { up } = await somebody(world)
    const { status, body, headers } = (await onTheWire(up.management(), post('nonsense', 'hello'))).response
    assert.equal(status, 400)
    assert.equal(headers['x-amzn-errortype'], 'BadRequestException')
    assert.equal(body, '{"message":"Invalid connectionId: nonsense"}')
    const error = await refusal(up.management(), post('nonsense', 'hello'))
    assert.equal(error.name, 'BadRequestException')
    assert.equal(error.constructor.name, 'ApiGatewayManagementApiServiceException')
  }),
  fact('E7', 'L', 'Any id at all is answered with 410 or 400', async world => {
    const { up } = await somebody(world)
    for (const id of ['A=', 'AAAAAAAAAAAAAAAAAAAAAAAA', 'ä', '7a9ad5f1-0000-4000-8000-000000000000']) {
      const { status } = (await onTheWire(up.management(), post(id, 'hello'))).response
      assert.ok(status === 410 || status === 400)
    }
  }),
  fact('E8', 'H', 'More than 131,072 bytes: 413 `PayloadTooLargeException`', async world => {
    const { up, socket, id } = await somebody(world)
    await up.management().send(post(id, 'x'.repeat(131_072)))
    assert.equal((await socket.hears()).length, 131_072)
    const error = await refusal(up.management(), post(id, 'x'.repeat(131_073)))
    assert.ok(error instanceof sdk.PayloadTooLargeException)
    assert.equal(error.$metadata.httpStatusCode, 413)
  }),
  fact(
    'E9',
    'H',
    "A client's buffer that is full: 429 `LimitExceededException`, tried three times by the SDK",
    async world => {
      const { up, socket, id } = await somebody(world, { ws: { perMessageDeflate: false } })
      socket.ws.pause()
      const client = up.management('Url', { maxAttempts: 3 })
      const error = await untilRefused(client, id)
      assert.ok(error instanceof sdk.LimitExceededException)
      assert.equal(error.$metadata.httpStatusCode, 429)
      assert.equal(error.$metadata.attempts, 3)
    },
    'That a rate exceeded is the same is G8',
  ),
  fact('E10', 'H', 'A wrong stage: 403 `ForbiddenException`, `Forbidden`', async world => {
    const { up, id } = await somebody(world)
    const elsewhere = up.output('Url').replace(/live$/, 'elsewhere')
    const error = await refusal(up.management(elsewhere), post(id, 'hello'))
    assert.ok(error instanceof sdk.ForbiddenException)
    assert.equal(error.message, 'Forbidden')
    const { status, body } = (await onTheWire(up.management(elsewhere), post(id, 'hello'))).response
    assert.deepEqual([status, body], [403, '{"message":"Forbidden"}'])
  }),
  fact(
    'E11',
    'H',
    'No permission: 403 `AccessDeniedException`, which is not `ForbiddenException`; the account is masked, `{connectionId}` literal',
    async world => {
      const up = await world.on(permitted)
      const { error } = await calledOn(up, 'nothing', 'PostToConnection')
      assert.equal(error?.name, 'AccessDeniedException')
      assert.equal(error?.type, 'ApiGatewayManagementApiServiceException')
      assert.equal(error?.status, 403)
      assert.match(error?.message ?? '', denial(up, 'POST'))
    },
  ),
  fact('E12', 'L', 'Whatever follows in that text, it begins so', async world => {
    const up = await world.on(permitted)
    const { error } = await calledOn(up, 'nothing', 'PostToConnection')
    assert.match(error?.message ?? '', denial(up, 'POST'))
  }),
  fact(
    'E13',
    'H',
    'A policy must end in `/@connections/*`; without the `/*` it allows nothing',
    async world => {
      const up = await world.on(permitted)
      assert.equal((await calledOn(up, 'noStar', 'PostToConnection')).error?.name, 'AccessDeniedException')
      assert.equal((await calledOn(up, 'star', 'PostToConnection')).error, undefined)
      assert.equal((await calledOn(up, 'star', 'GetConnection')).error, undefined)
    },
  ),
  fact('E14', 'H', 'POST, GET and DELETE are allowed one by one', async world => {
    const up = await world.on(permitted)
    assert.equal((await calledOn(up, 'postOnly', 'PostToConnection')).error, undefined)
    for (const [command, method] of [
      ['GetConnection', 'GET'],
      ['DeleteConnection', 'DELETE'],
    ] as const) {
      const { error } = await calledOn(up, 'postOnly', command)
      assert.equal(error?.name, 'AccessDeniedException')
      assert.match(error?.message ?? '', denial(up, method))
    }
  }),
  fact(
    'E15',
    'M',
    'Unsigned: 403 `Missing Authentication Token`; signed wrongly: 403, the signature does not match',
    async world => {
      const { up, id } = await somebody(world)
      const url = `${up.output('Url').replace(/^ws/, 'http')}/@connections/${encodeURIComponent(id)}`
      const unsigned = await fetch(url, { method: 'POST', body: 'hello' })
      assert.equal(unsigned.status, 403)
      assert.deepEqual(await unsigned.json(), { message: 'Missing Authentication Token' })
      assert.equal(unsigned.headers.get('x-amzn-errortype'), 'MissingAuthenticationTokenException')
      const { accessKeyId } = await credentialsOf(up)
      const credentials = { accessKeyId, secretAccessKey: 'not the secret' }
      const error = await refusal(up.management('Url', { credentials }), post(id, 'hello'))
      assert.equal(error.$metadata.httpStatusCode, 403)
      assert.match(
        error.message,
        /^The request signature we calculated does not match the signature you provided\./,
      )
    },
  ),
  fact(
    'E16',
    'H',
    'What a function is told of a wrong endpoint: without a scheme `Invalid URL`; with none at all `ENOTFOUND execute-api.{region}.amazonaws.com`; `wss://` hangs',
    async world => {
      const up = await world.on(permitted)
      const at = (endpoint?: string) => ({ config: { maxAttempts: 1, ...(endpoint && { endpoint }) } })
      const schemeless = await calledOn(up, 'anything', 'PostToConnection', at('$domainName/$stage'))
      assert.equal(schemeless.error?.type, 'TypeError')
      assert.equal(schemeless.error?.code, 'ERR_INVALID_URL')
      const none = await calledOn(up, 'anything', 'PostToConnection', at())
      assert.match(none.error?.message ?? '', /ENOTFOUND execute-api\.[\w-]+\.amazonaws\.com/)
      const requestHandler = { connectionTimeout: 500, requestTimeout: 500 }
      const config = { maxAttempts: 1, endpoint: 'wss://$domainName/$stage', requestHandler }
      const socketScheme = await calledOn(up, 'anything', 'PostToConnection', { config })
      assert.match(JSON.stringify(socketScheme.error), /TimeoutError/)
    },
    'With today’s SDK for JavaScript; its older versions and boto3, which use other words, are not tried',
  ),
  fact('E17', 'H', 'An endpoint without the stage: 403 `ForbiddenException`', async world => {
    const { up, id } = await somebody(world)
    const error = await refusal(up.management(up.output('Url').replace(/\/live$/, '')), post(id, 'hello'))
    assert.ok(error instanceof sdk.ForbiddenException)
  }),
  fact(
    'E18',
    'M-H',
    'A custom domain with the stage after it: 404 `NotFoundException`, `No method found matching route …`',
    async world => {
      const up = await world.on(onCustomDomain)
      const { error } = await onCustom(up, 'https://$domainName/live')
      assert.equal(error?.name, 'NotFoundException')
      assert.equal(error?.status, 404)
      assert.match(
        error?.message ?? '',
        /^No method found matching route live\/(@|%40)connections\/[^ ]+ for http method POST\.$/,
      )
      assert.equal((await onCustom(up, 'https://$domainName')).error, undefined)
    },
  ),
  fact('E19', 'M', 'One `connectionId` is good at the custom domain and at the default host', async world => {
    const up = await world.on(onCustomDomain)
    const socket = await up.connect('Custom')
    const { requestContext } = await up.ask(socket, { echo: true })
    assert.equal(requestContext.domainName, ON_DOMAIN)
    await up.management('Url').send(post(requestContext.connectionId, 'by the back door'))
    assert.equal(await socket.hears(), 'by the back door')
  }),
  fact(
    'E20',
    'M-H',
    'In a VPC without a way out the call hangs; with an endpoint for execute-api and private DNS it is 403 `Forbidden`; by a NAT gateway it arrives',
    async world => {
      const up = await world.on(inVpc)
      const socket = await up.connect()
      const call = [
        {
          client: 'apigatewaymanagementapi',
          command: 'PostToConnection',
          input: { ConnectionId: '$connectionId', Data: 'arrived' },
          config: { endpoint: 'https://$domainName/$stage', maxAttempts: 1 },
        },
      ]
      socket.send({ action: 'open', do: { call } })
      assert.equal(await socket.hears(), 'arrived')
      assert.equal((await socket.hearsJson())[0].error, undefined)
      socket.send({ action: 'shadowed', do: { call } })
      const [{ error }] = await socket.hearsJson()
      assert.deepEqual([error.name, error.message, error.status], ['ForbiddenException', 'Forbidden', 403])
      socket.send({ action: 'shut', do: { call } })
      assertErrorFrame(await socket.hears(), 'Endpoint request timed out')
      await up.logs(up.output('shutLogName'), 'Task timed out after 2.00 seconds')
      await socket.hasHeardNothing()
    },
  ),
  fact(
    'E21',
    'H',
    'There is no call to more than one connection: three operations, one id each',
    async () => {
      const commands = Object.keys(sdk).filter(name => /^[A-Z]\w+Command$/.test(name))
      assert.deepEqual(commands.sort(), [
        'DeleteConnectionCommand',
        'GetConnectionCommand',
        'PostToConnectionCommand',
      ])
    },
  ),
  fact('E22', 'L', 'Empty `Data` is an empty message', async world => {
    const { up, socket, id } = await somebody(world)
    await up.management().send(post(id, ''))
    assert.equal(await socket.hears(), '')
  }),
  fact('E23', 'H', '`Data` is a text or bytes; an object is a TypeError of the SDK', async world => {
    const { up, socket, id } = await somebody(world)
    await up.management().send(post(id, new TextEncoder().encode('bytes')))
    assert.equal(await socket.hears(), 'bytes')
    const error = await refusal(up.management(), post(id, { an: 'object' } as unknown as string))
    assert.ok(error instanceof TypeError)
    assert.match(error.message, /^The first argument must be of type string/)
  }),
  fact('E24', 'L', '`lastActiveAt` moves with messages', async world => {
    const up = await (await world.alone()).own(plain)
    const socket = await up.connect()
    const id = await idOf(up, socket)
    const lastActive = async () =>
      (await up.management().send(new GetConnectionCommand({ ConnectionId: id }))).LastActiveAt!.getTime()
    const before = await lastActive()
    up.advance(60_000)
    await up.ask(socket, { echo: true })
    assert.ok((await lastActive()) >= before + 60_000)
  }),
  fact('E25', 'M-H', 'What is longer than 32 KB comes in several frames, and is one message', async world => {
    const { up, socket, id } = await somebody(world, { ws: { perMessageDeflate: false } })
    const frames = watchFrames(socket)
    await up.management().send(post(id, 'x'.repeat(100_000)))
    assert.equal((await socket.hears()).length, 100_000)
    assert.ok(frames.length > 1 && frames.every(length => length <= 32_768), String(frames))
  }),
  fact('E26', 'H', 'GET and DELETE of one who is gone: 410 too', async world => {
    const { up, closed, unknown } = await absent(world)
    for (const Command of [GetConnectionCommand, DeleteConnectionCommand]) {
      for (const ConnectionId of [closed, unknown]) {
        const command = new Command({ ConnectionId })
        const { status, body } = (await onTheWire(up.management(), command)).response
        assert.deepEqual([status, body], [410, ''])
        assert.ok((await refusal(up.management(), command)) instanceof sdk.GoneException)
      }
    }
  }),
  fact('E27', 'L', 'An `@` that is encoded is the same', async world => {
    const { up, socket, id } = await somebody(world)
    const client = up.management()
    client.middlewareStack.add(
      next => args => {
        const request = args.request as { path: string }
        request.path = request.path.replace('@', '%40')
        return next(args)
      },
      { step: 'build' },
    )
    await client.send(post(id, 'hello'))
    assert.equal(await socket.hears(), 'hello')
  }),
  fact('E28', 'H', '`Promise.all` gives up at the first 410; `allSettled` reaches everybody', async world => {
    const { closed } = await absent(world)
    const { up, socket, id } = await somebody(world)
    const client = up.management()
    const broadcast = () => [closed, id].map(one => client.send(post(one, 'to all')))
    await assert.rejects(Promise.all(broadcast()), { name: 'GoneException' })
    const settled = await Promise.allSettled(broadcast())
    assert.deepEqual(
      settled.map(({ status }) => status),
      ['rejected', 'fulfilled'],
    )
    assert.equal(await socket.hears(), 'to all')
  }),
]

/** Posts the largest messages until one is refused. */
async function untilRefused(client: ApiGatewayManagementApiClient, id: string): Promise<any> {
  for (let sent = 0; sent < 500; sent++) {
    const error = await client.send(post(id, 'x'.repeat(131_072))).then(
      () => undefined,
      (error: unknown) => error,
    )
    if (error) return error
  }
  return assert.fail('500 messages of 128 KB were taken for a client that reads none')
}

/** A post to oneself by a function whose client came by the custom domain, at an endpoint. */
async function onCustom(up: Standing, endpoint: string): Promise<CallEnded> {
  const socket = await up.connect('Custom')
  const [ended] = await up.calls(socket, {
    client: 'apigatewaymanagementapi',
    command: 'PostToConnection',
    config: { endpoint, maxAttempts: 1 },
    input: { ConnectionId: '$connectionId', Data: '[{}]' },
  })
  return ended!
}

/** The payload lengths of the frames that a socket is sent from now on. The client must not have negotiated compression. */
function watchFrames({ ws }: Socket): number[] {
  const lengths: number[] = []
  let buffer = Buffer.alloc(0)
  // `ws` shows messages only; frames are seen on its socket.
  ;(ws as unknown as { _socket: NodeJS.EventEmitter })._socket.on('data', (chunk: Buffer) => {
    buffer = Buffer.concat([buffer, chunk])
    for (;;) {
      if (buffer.length < 2) return
      const short = buffer[1]! & 0x7f
      const header = short === 126 ? 4 : short === 127 ? 10 : 2
      if (buffer.length < header) return
      const length =
        short === 126 ? buffer.readUInt16BE(2) : short === 127 ? Number(buffer.readBigUInt64BE(2)) : short
      if (buffer.length < header + length) return
      lengths.push(length)
      buffer = buffer.subarray(header + length)
    }
  })
  return lengths
}
