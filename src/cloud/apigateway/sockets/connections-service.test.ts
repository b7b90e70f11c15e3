import http from 'node:http'
import net from 'node:net'
import {
  DeleteConnectionCommand,
  ForbiddenException,
  GetConnectionCommand,
  GoneException,
  LimitExceededException,
  PayloadTooLargeException,
  PostToConnectionCommand,
} from '@aws-sdk/client-apigatewaymanagementapi'
import { expect, test } from 'vitest'
import { HANG } from '../../../machine/bounds.ts'
import { gate, openStand } from '../stand.ts'

const GONE = 'AAAAAAAAAAAAAAA='

async function connected(options = {}) {
  const stand = await openStand()
  const { apiId } = await stand.api(['$connect'])
  const client = await stand.connect('/prod', options)
  const { connectionId } = JSON.parse(stand.invokes[0]!.payload).requestContext
  return { stand, client, connectionId, apiId, management: stand.management() }
}

test('E1, E2, E3: a post reaches the client and is answered 200 without a body', async () => {
  const { stand, client, connectionId } = await connected()

  const answer = await fetch(
    `http://127.0.0.1:${stand.port}/prod/@connections/${encodeURIComponent(connectionId)}`,
    {
      method: 'POST',
      body: 'hello',
    },
  )

  expect(await client.hears()).toBe('hello')
  expect(answer.status).toBe(200)
  expect(await answer.text()).toBe('')
  expect(answer.headers.get('content-type')).toBe('application/json')
  expect(answer.headers.get('x-amzn-requestid')).toMatch(/^[0-9a-f-]{36}$/)
  expect(answer.headers.get('x-amz-apigw-id')).toMatch(/^[\w-]{15}=$/)
  expect(answer.headers.get('x-amzn-trace-id')).toMatch(/^Root=1-/)
})

test('E3, E4: GetConnection tells times as dates, and no user agent where there was none', async () => {
  const { stand, connectionId, management } = await connected()
  stand.clock.advance(5000)
  await management.send(new PostToConnectionCommand({ ConnectionId: connectionId, Data: 'x' }))

  const { ConnectedAt, LastActiveAt, Identity } = await management.send(
    new GetConnectionCommand({ ConnectionId: connectionId }),
  )

  expect(ConnectedAt).toEqual(new Date(JSON.parse(stand.invokes[0]!.payload).requestContext.connectedAt))
  expect(LastActiveAt!.getTime() - ConnectedAt!.getTime()).toBeGreaterThanOrEqual(5000)
  expect(Identity).toEqual({ SourceIp: '127.0.0.1' })
})

test('E4: its body is pretty-printed with a space on either side of the colons', async () => {
  const { stand, connectionId } = await connected({ headers: { 'User-Agent': 'lab "1"' } })

  const answer = await fetch(`http://127.0.0.1:${stand.port}/prod/@connections/${connectionId}`)

  expect(await answer.text()).toMatch(
    /^\{\n {2}"identity" : \{\n {4}"sourceIp" : "127\.0\.0\.1",\n {4}"userAgent" : "lab \\"1\\""\n {2}\},\n {2}"connectedAt" : "\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z",\n {2}"lastActiveAt" : "[^"]+Z"\n\}$/,
  )
})

test('E3: DeleteConnection is 204 and closes the connection', async () => {
  const { client, connectionId, management } = await connected()

  const { $metadata } = await management.send(new DeleteConnectionCommand({ ConnectionId: connectionId }))

  expect($metadata.httpStatusCode).toBe(204)
  expect((await client.closed).code).toBe(1000)
})

test.each([PostToConnectionCommand, GetConnectionCommand, DeleteConnectionCommand])(
  'E5, E26: %o of a connection that is not there is 410 GoneException',
  async Command => {
    const { management } = await connected()

    const asked = management.send(new Command({ ConnectionId: GONE, Data: 'x' }) as any)

    await expect(asked).rejects.toBeInstanceOf(GoneException)
    await expect(asked).rejects.toMatchObject({ message: 'UnknownError', $metadata: { httpStatusCode: 410 } })
  },
)

test('E5: it has no body, and says what it is in a header', async () => {
  const { stand } = await connected()

  const answer = await fetch(`http://127.0.0.1:${stand.port}/prod/@connections/${GONE}`, {
    method: 'POST',
    body: 'x',
  })

  expect(answer.status).toBe(410)
  expect(answer.headers.get('x-amzn-errortype')).toBe('GoneException')
  expect(await answer.text()).toBe('')
})

test('E5: a closed connection is gone', async () => {
  const { stand, client, connectionId, management } = await connected()

  client.socket.close()
  await stand.sees(event => event.kind === 'close')

  await expect(
    management.send(new PostToConnectionCommand({ ConnectionId: connectionId, Data: 'x' })),
  ).rejects.toBeInstanceOf(GoneException)
})

test('A26, A28: inside $connect one’s own connection is gone; A31: inside $disconnect too', async () => {
  const said: unknown[] = []
  const told = gate()
  const stand = await openStand(async event => {
    const { connectionId, eventType } = event.requestContext
    const command = new PostToConnectionCommand({ ConnectionId: connectionId, Data: 'hello' })
    await stand
      .management()
      .send(command)
      .catch(error => said.push(`${eventType} ${error.name}`))
    if (eventType === 'DISCONNECT') told.open()
    return { statusCode: 200 }
  })
  await stand.api(['$connect', '$disconnect'])

  const client = await stand.connect()
  client.socket.close()
  await told.passed

  expect(said).toEqual(['CONNECT GoneException', 'DISCONNECT GoneException'])
  expect(client.inbox).toEqual([])
})

test('A connection of another stage or API is gone', async () => {
  const { stand, apiId, connectionId } = await connected()
  await stand.create('Stage', { ApiId: apiId, StageName: 'other', AutoDeploy: true })

  await expect(
    stand.management('other').send(new PostToConnectionCommand({ ConnectionId: connectionId, Data: 'x' })),
  ).rejects.toBeInstanceOf(GoneException)
})

test.each(['foo', 'not an id', '123e4567-e89b-12d3-a456-426614174000'])(
  'E6: a malformed id (%s) is a 400 that is not in the model',
  async ConnectionId => {
    const { management } = await connected()

    await expect(
      management.send(new PostToConnectionCommand({ ConnectionId, Data: 'x' })),
    ).rejects.toMatchObject({
      name: 'BadRequestException',
      message: `Invalid connectionId: ${ConnectionId}`,
      $metadata: { httpStatusCode: 400 },
    })
  },
)

test('E8: 128 KB can be posted, one byte more cannot', async () => {
  const { client, connectionId, management } = await connected()

  await management.send(
    new PostToConnectionCommand({ ConnectionId: connectionId, Data: 'x'.repeat(131_072) }),
  )
  expect(await client.hears()).toHaveLength(131_072)

  const tooMuch = management.send(
    new PostToConnectionCommand({ ConnectionId: connectionId, Data: 'x'.repeat(131_073) }),
  )
  await expect(tooMuch).rejects.toBeInstanceOf(PayloadTooLargeException)
  await expect(tooMuch).rejects.toMatchObject({ $metadata: { httpStatusCode: 413 } })
})

test('E9: a client that does not read is 429 once its buffer is full, and the connection stays', async () => {
  const { stand, client, connectionId, management } = await connected()
  client.socket.pause()
  const post = () => management.send(new PostToConnectionCommand({ ConnectionId: connectionId, Data: noise }))
  const noise = Array.from({ length: 131_072 }, () => String.fromCharCode(33 + Math.random() * 90)).join('')

  // The operating system takes some megabytes before anything waits with us.
  let refused: unknown
  for (let posts = 0; posts < 500 && !refused; posts++) await post().catch(error => (refused = error))
  expect(refused).toBeInstanceOf(LimitExceededException)
  expect(stand.history().some(event => event.kind === 'close')).toBe(false)

  client.socket.resume()
  await expect
    .poll(
      () =>
        post().then(
          () => 'sent',
          error => error.name,
        ),
      { timeout: HANG },
    )
    .toBe('sent')
})

test.each(['wrong', 'PROD'])('E10: a wrong stage (%s) is Forbidden, before anybody asks IAM', async stage => {
  const { stand, connectionId } = await connected()
  stand.decide = () => ({ allowed: false, deny: 'implicit', kind: 'identity-based' })

  const asked = stand
    .management(stage)
    .send(new PostToConnectionCommand({ ConnectionId: connectionId, Data: 'x' }))

  await expect(asked).rejects.toBeInstanceOf(ForbiddenException)
  await expect(asked).rejects.toMatchObject({ message: 'Forbidden', $metadata: { httpStatusCode: 403 } })
})

test('E17: so is an address without a stage', async () => {
  const { stand } = await connected()

  expect(stand.gateway.service.unrouted!({} as never)).toMatchObject({
    code: 'ForbiddenException',
    message: 'Forbidden',
    status: 403,
  })
})

test('E11, E13, E14: without permission the caller is told so, with masked account and without the id', async () => {
  const { stand, apiId, connectionId, management } = await connected()
  const asked: unknown[] = []
  stand.decide = access => {
    asked.push(access)
    return { allowed: false, deny: 'implicit', kind: 'identity-based' }
  }

  for (const [method, Command] of [
    ['POST', PostToConnectionCommand],
    ['GET', GetConnectionCommand],
    ['DELETE', DeleteConnectionCommand],
  ] as const) {
    await expect(
      management.send(new Command({ ConnectionId: connectionId, Data: 'x' }) as any),
    ).rejects.toMatchObject({
      name: 'AccessDeniedException',
      message:
        'User: arn:aws:sts::123456789012:assumed-role/chat/send is not authorized to perform: execute-api:ManageConnections on resource: ' +
        `arn:aws:execute-api:us-east-1:********9012:${apiId}/prod/${method}/@connections/{connectionId}`,
      $metadata: { httpStatusCode: 403 },
    })
    expect(asked.at(-1)).toEqual({
      action: 'execute-api:ManageConnections',
      resource: `arn:aws:execute-api:us-east-1:123456789012:${apiId}/prod/${method}/@connections/${connectionId}`,
    })
  }
})

test('E22 (assumed): an empty post is an empty message', async () => {
  const { client, connectionId, management } = await connected()

  await management.send(new PostToConnectionCommand({ ConnectionId: connectionId, Data: '' }))

  expect(await client.hears()).toBe('')
})

test('C24: posted bytes arrive as text', async () => {
  const { client, connectionId, management } = await connected()

  await management.send(
    new PostToConnectionCommand({ ConnectionId: connectionId, Data: Buffer.from('héllo') }),
  )

  expect(await client.hears()).toBe('héllo')
})

test('E25: what is more than 32 KB comes in several frames', async () => {
  const stand = await openStand()
  await stand.api(['$connect'])
  const socket = net.connect(stand.port, '127.0.0.1')
  socket.write(
    'GET /prod HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
  )
  const chunks: Buffer[] = []
  socket.on('data', (chunk: Buffer) => chunks.push(chunk))
  await stand.sees(event => event.kind === 'handshake')
  const { connectionId } = JSON.parse(stand.invokes[0]!.payload).requestContext

  await stand
    .management()
    .send(new PostToConnectionCommand({ ConnectionId: connectionId, Data: 'x'.repeat(70_000) }))

  await expect.poll(() => Buffer.concat(chunks).length).toBeGreaterThan(70_000)
  await expect
    .poll(() => framesOf(chunks))
    .toEqual([
      { fin: false, opcode: 1, length: 32_768 },
      { fin: false, opcode: 0, length: 32_768 },
      { fin: true, opcode: 0, length: 4464 },
    ])
  socket.destroy()
})

test('G8: calls beyond the account’s rate are LimitExceeded, where it is held', async () => {
  const stand = await openStand(undefined, { quotas: { requests: { rate: 0.001, burst: 2 } } })
  await stand.api(['$connect'])
  await stand.connect()
  const { connectionId } = JSON.parse(stand.invokes[0]!.payload).requestContext
  const get = () => stand.management().send(new GetConnectionCommand({ ConnectionId: connectionId }))

  await get()

  await expect(get()).rejects.toBeInstanceOf(LimitExceededException)
})

test('the path may be written with an encoded @', async () => {
  const { stand, connectionId } = await connected()

  const status = await new Promise(resolve =>
    http.get({ port: stand.port, path: `/prod/%40connections/${connectionId}` }, answer =>
      resolve(answer.statusCode),
    ),
  )

  expect(status).toBe(200)
})

/** The frames in what a server sent, after the head of its 101. */
function framesOf(chunks: readonly Buffer[]) {
  const sent = Buffer.concat(chunks)
  const bytes = sent.subarray(sent.indexOf('\r\n\r\n') + 4)
  const frames = []
  for (let at = 0; at + 4 <= bytes.length; ) {
    const extended = (bytes[at + 1]! & 127) === 126
    const length = extended ? bytes.readUInt16BE(at + 2) : bytes[at + 1]! & 127
    frames.push({ fin: bytes[at]! >= 128, opcode: bytes[at]! & 15, length })
    at += (extended ? 4 : 2) + length
  }
  return frames
}
