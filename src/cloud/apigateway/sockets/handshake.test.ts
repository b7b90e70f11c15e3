import http from 'node:http'
import net from 'node:net'
import { expect, test } from 'vitest'
import { AwsError } from '../../error.ts'
import { gate, openStand, statusOf } from '../stand.ts'

test('A1: an API is reached at its stage, with or without a slash at the end', async () => {
  const stand = await openStand()
  await stand.api(['$connect'])

  await stand.connect('/prod')
  await stand.connect('/prod/')
  await stand.connect('/prod/?a=1')

  expect(stand.invokes).toHaveLength(3)
})

test('A3: a connect URL of 4096 characters is taken, a longer one refused', async () => {
  const stand = await openStand()
  const { apiId } = await stand.api(['$connect'])
  const base = `wss://${apiId}.execute-api.us-east-1.amazonaws.com/prod?t=`.length

  await stand.connect(`/prod?t=${'x'.repeat(4096 - base)}`)

  expect(await statusOf(stand.connect(`/prod?t=${'x'.repeat(4097 - base)}`))).toBe(414)
})

test('A4: without a $connect route the handshake succeeds', async () => {
  const stand = await openStand()
  await stand.api(['chat'])

  await stand.connect()

  expect(stand.invokes).toHaveLength(0)
})

test('A5: the handshake stays pending until the $connect handler has returned', async () => {
  const handler = gate()
  const asked = gate()
  const stand = await openStand(async () => {
    asked.open()
    await handler.passed
    return { statusCode: 200 }
  })
  await stand.api(['$connect'])

  const connecting = stand.connect()
  await asked.passed
  expect(stand.history().filter(event => event.kind === 'handshake')).toEqual([])
  handler.open()

  expect((await connecting).socket.readyState).toBe(1)
})

test.each([200, 201, 204, '200'])('A7: $connect that answers %s lets the client in', async statusCode => {
  const stand = await openStand(() => ({ statusCode }))
  await stand.api(['$connect'])

  await stand.connect()
})

test.each([301, 400, 401, 403, 409, 500, 501])(
  'A8: $connect that answers %i refuses with that status',
  async statusCode => {
    const stand = await openStand(() => ({
      statusCode,
      headers: { Location: 'https://example.com', 'x-secret': 'y' },
      body: 'why',
    }))
    await stand.api(['$connect', '$disconnect'])

    expect(await statusOf(stand.connect())).toBe(statusCode)
    expect(await stand.sees(event => event.kind === 'handshake')).toMatchObject({ status: statusCode })
  },
)

test('A9: neither body nor headers of the $connect answer reach a client that is refused', async () => {
  const stand = await openStand(() => ({ statusCode: 401, headers: { 'x-secret': 'y' }, body: 'why' }))
  await stand.api(['$connect'])

  const { head, body } = await shakeByHand(stand.port)

  expect(head.toLowerCase()).not.toContain('x-secret')
  expect(body).not.toContain('why')
})

test('A9: nor those of one that is let in', async () => {
  const stand = await openStand(() => ({ statusCode: 200, headers: { 'x-secret': 'y' }, body: 'why' }))
  await stand.api(['$connect'])

  const { head, body } = await shakeByHand(stand.port)

  expect(head).toMatch(/^HTTP\/1.1 101 /)
  expect(head.toLowerCase()).not.toContain('x-secret')
  expect(body).toBe('')
})

test('A9: 101 is not the handler’s to answer', async () => {
  const stand = await openStand(() => ({ statusCode: 101 }))
  await stand.api(['$connect'])

  expect(await statusOf(stand.connect())).toBe(502)
})

test('A10: a throwing $connect is 502', async () => {
  const stand = await openStand(() => {
    throw new Error('boom')
  })
  await stand.api(['$connect'])

  expect(await statusOf(stand.connect())).toBe(502)
})

test.each([
  undefined,
  null,
  'hello',
  7,
  [],
  {},
  { body: 'x' },
  { statusCode: 'x' },
  { statusCode: 200, body: {} },
])('A11: $connect that returns %j is 502', async returned => {
  const stand = await openStand(() => returned)
  await stand.api(['$connect'])

  expect(await statusOf(stand.connect())).toBe(502)
})

test.each(['AccessDeniedException', 'ResourceNotFoundException', 'TooManyRequestsException'])(
  'A12: a function that may not be started (%s) is 500',
  async code => {
    const stand = await openStand(() => {
      throw new AwsError(code, 'no', 403)
    })
    await stand.api(['$connect'])

    expect(await statusOf(stand.connect())).toBe(500)
  },
)

test('A12: the reason names the permission, and the function is asked for by its route', async () => {
  const stand = await openStand(() => {
    throw new AwsError('AccessDeniedException', 'no', 403)
  })
  const { apiId } = await stand.api(['$connect'])

  await statusOf(stand.connect())

  expect(await stand.sees(event => event.kind === 'handshake')).toMatchObject({
    because: 'Execution failed due to configuration error: Invalid permissions on Lambda function',
  })
  expect(stand.invokes[0]).toMatchObject({
    functionName: 'arn:aws:lambda:us-east-1:123456789012:function:behind',
    caller: { kind: 'service', service: 'apigateway.amazonaws.com' },
    sourceArn: `arn:aws:execute-api:us-east-1:123456789012:${apiId}/prod/$connect`,
    sourceAccount: '123456789012',
  })
})

test('A13 (assumed): $connect that outlives its timeout is 504', async () => {
  const asked = gate()
  const stand = await openStand(() => {
    asked.open()
    return new Promise(() => {})
  })
  await stand.api(['$connect'])

  const connecting = statusOf(stand.connect())
  await asked.passed
  stand.clock.advance(29_000)

  expect(await connecting).toBe(504)
})

test('A14: a stage without a deployment is 403', async () => {
  const stand = await openStand()
  await stand.api(['$connect'], { stage: { AutoDeploy: false } })

  expect(await statusOf(stand.connect())).toBe(403)
  expect(stand.invokes).toHaveLength(0)
})

test.each(['/', '/other', '/prod/more', '//prod', '/PROD'])('A15, A16: %s is 403', async path => {
  const stand = await openStand()
  await stand.api(['$connect'])

  expect(await statusOf(stand.connect(path))).toBe(403)
})

test('A17 (assumed): a plain GET is 426 at a stage and 403 without one', async () => {
  const stand = await openStand()
  await stand.api(['$connect'])

  expect((await fetch(`http://127.0.0.1:${stand.port}/prod`)).status).toBe(426)
  expect((await fetch(`http://127.0.0.1:${stand.port}/`)).status).toBe(403)
})

test('A19, G9: a throttled handshake is 429, and a rate of 0 throttles all', async () => {
  const stand = await openStand()
  await stand.api(['$connect'], {
    stage: { DefaultRouteSettings: { ThrottlingRateLimit: 0, ThrottlingBurstLimit: 0 } },
  })

  expect(await statusOf(stand.connect())).toBe(429)
})

test('G9: a stage lets its burst through, then as many as its rate', async () => {
  const stand = await openStand()
  await stand.api(['$connect'], {
    stage: { DefaultRouteSettings: { ThrottlingRateLimit: 0.001, ThrottlingBurstLimit: 2 } },
  })

  await stand.connect()
  await stand.connect()
  expect(await statusOf(stand.connect())).toBe(429)
  stand.clock.advance(1_000_000)

  await stand.connect()
})

test('G9: a route’s own settings go before the stage’s', async () => {
  const stand = await openStand()
  await stand.api(['$connect'], {
    stage: {
      DefaultRouteSettings: { ThrottlingRateLimit: 0, ThrottlingBurstLimit: 0 },
      RouteSettings: { $connect: { ThrottlingRateLimit: 10, ThrottlingBurstLimit: 10 } },
    },
  })

  await stand.connect()
})

test('G1: new connections beyond the account’s quota are 429, where it is held', async () => {
  const stand = await openStand(undefined, { quotas: { newConnectionsPerSecond: 1 } })
  await stand.api([])
  await stand.create('Route', { ApiId: stand.gateway.apis()[0]!.apiId, RouteKey: 'x' })

  await stand.connect()

  expect(await statusOf(stand.connect())).toBe(429)
})

test('A21: the 101 is as captured, compression included', async () => {
  const stand = await openStand()
  await stand.api(['$connect'])

  const { head } = await shakeByHand(
    stand.port,
    'permessage-deflate; server_max_window_bits=12; client_max_window_bits=12',
  )

  expect(head.split('\r\n')).toEqual([
    'HTTP/1.1 101 Switching Protocols',
    'upgrade: websocket',
    'Connection: upgrade',
    'sec-websocket-accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=',
    'sec-websocket-extensions: permessage-deflate;server_max_window_bits=12',
  ])
})

test.each([
  ['permessage-deflate; x=y', undefined],
  ['permessage-deflate; server_max_window_bits=7', undefined],
  ['permessage-deflate; server_no_context_takeover=1', undefined],
  ['x-webkit-deflate-frame', undefined],
  ['permessage-deflate; x=y, permessage-deflate', 'permessage-deflate'],
  [
    'permessage-deflate; server_max_window_bits=99, permessage-deflate; server_max_window_bits=10',
    'permessage-deflate;server_max_window_bits=10',
  ],
])(
  'an offer of compression that cannot be met is declined, and the next is looked at: %s',
  async (offer, taken) => {
    const stand = await openStand()
    await stand.api(['$connect'])

    const { head } = await shakeByHand(stand.port, offer)

    expect(head).toContain('HTTP/1.1 101 Switching Protocols')
    expect(/sec-websocket-extensions: (.*)/.exec(head)?.[1]?.trim()).toBe(taken)
  },
)

test('A21: a client that offers compression gets it, and hears what was compressed', async () => {
  const stand = await openStand(event => ({ statusCode: 200, body: event.body }))
  await stand.api(['$default'], { twoWay: ['$default'] })

  const client = await stand.connect()
  client.send('x'.repeat(20_000))

  expect(client.socket.extensions).toContain('permessage-deflate')
  expect(await client.hears()).toBe('x'.repeat(20_000))
})

test('A22: the subprotocol is the one that the handler chose of the client’s list', async () => {
  const stand = await openStand(event => ({
    statusCode: 200,
    headers: { 'Sec-WebSocket-Protocol': event.headers['Sec-WebSocket-Protocol'].split(',')[1].trim() },
  }))
  await stand.api(['$connect'])

  const { socket } = await stand.connect('/prod', { protocols: ['a', 'b'] })

  expect(socket.protocol).toBe('b')
})

test('A23: without an answer of the handler’s there is none of the gateway’s, and strict clients fail', async () => {
  const stand = await openStand()
  await stand.api(['$connect'])

  await expect(stand.connect('/prod', { protocols: ['a'] })).rejects.toThrow('Server sent no subprotocol')
})

test('A32: after a refused $connect no $disconnect runs', async () => {
  const stand = await openStand(() => ({ statusCode: 403 }))
  await stand.api(['$connect', '$disconnect'])

  await statusOf(stand.connect())

  expect(stand.invokes).toHaveLength(1)
  expect(stand.history().some(event => event.kind === 'close')).toBe(false)
})

test('A47: connection ids are eleven bytes in URL-safe base64', async () => {
  const stand = await openStand()
  await stand.api(['$connect'])

  await stand.connect()

  const { connectionId } = JSON.parse(stand.invokes[0]!.payload).requestContext
  expect(connectionId).toMatch(/^[A-Za-z0-9_-]{15}=$/)
})

test('A50: a disabled endpoint refuses once it is deployed', async () => {
  const stand = await openStand()
  const { apiId } = await stand.api(['$connect'], { stage: { AutoDeploy: false } })
  const api = { Name: 'chat', ProtocolType: 'WEBSOCKET', RouteSelectionExpression: '$request.body.action' }
  await stand.create('Deployment', { ApiId: apiId, StageName: 'prod' })

  await stand.update('Api', apiId, { ...api, DisableExecuteApiEndpoint: true })
  await stand.connect()
  await stand.create('Deployment', { ApiId: apiId, StageName: 'prod' })

  expect(await statusOf(stand.connect())).toBe(403)
})

test('a client that leaves while its handshake is pending still gets a $disconnect', async () => {
  const handler = gate()
  const stand = await openStand(async event => {
    if (event.requestContext.eventType === 'CONNECT') await handler.passed
    return { statusCode: 200 }
  })
  await stand.api(['$connect', '$disconnect'])

  const socket = net.connect(stand.port, '127.0.0.1')
  socket.on('error', () => {})
  socket.write(handshakeText())
  await expect.poll(() => stand.invokes.length).toBe(1)
  socket.resetAndDestroy()
  await new Promise(resolve => socket.once('close', resolve))
  // A round trip on another line: by then the reset has arrived.
  await fetch(`http://127.0.0.1:${stand.port}/`)
  handler.open()

  expect(await stand.sees(event => event.kind === 'close')).toMatchObject({ code: 1006 })
  await expect.poll(() => stand.invokes.length).toBe(2)
})

test('a handshake without a key is 400 and reaches no function', async () => {
  const stand = await openStand()
  await stand.api(['$connect'])

  const status = await new Promise(resolve =>
    http
      .get(
        { port: stand.port, path: '/prod', headers: { connection: 'upgrade', upgrade: 'websocket' } },
        response => resolve(response.statusCode),
      )
      .end(),
  )

  expect(status).toBe(400)
  expect(stand.invokes).toHaveLength(0)
})

const handshakeText = (extensions?: string) =>
  [
    'GET /prod HTTP/1.1',
    'Host: localhost',
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
    ...(extensions ? [`Sec-WebSocket-Extensions: ${extensions}`] : []),
    '\r\n',
  ].join('\r\n')

async function shakeByHand(port: number, extensions?: string) {
  const socket = net.connect(port, '127.0.0.1')
  socket.write(handshakeText(extensions))
  let text = ''
  for await (const chunk of socket) {
    text += chunk
    if (text.startsWith('HTTP/1.1 101') && text.includes('\r\n\r\n')) break
  }
  socket.destroy()
  const [head = '', body = ''] = text.split('\r\n\r\n')
  return { head, body }
}
