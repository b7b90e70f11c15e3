import { expect, test } from 'vitest'
import { gate, statusOf } from '../stand.ts'
import { ask, backend, errorIn, heardMeanwhile, integrated, type Received } from './integration.fixture.ts'

const PROXY = { IntegrationType: 'HTTP_PROXY', IntegrationMethod: 'POST' }
const CUSTOM = { IntegrationType: 'HTTP', IntegrationMethod: 'POST' }
const reply = (IntegrationResponseKey: string, text: string, more: object = {}) => ({
  IntegrationResponseKey,
  ResponseTemplates: { $default: text },
  ...more,
})

test('C25: HTTP_PROXY sends the message as it is, and the answer’s body is the reply', async () => {
  const behind = await backend((_, response) => response.writeHead(201).end('pong ü'))
  const { stand, apiId } = await integrated({ ...PROXY, IntegrationUri: `${behind.url}/in?k=1` })
  const client = await stand.connect()

  expect(await ask(client, { action: 'act', text: 'hé' })).toBe('pong ü')

  const [request] = behind.received as [Received]
  expect(request.method).toBe('POST')
  expect(request.url).toBe('/in?k=1')
  expect(request.body.toString()).toBe('{"action":"act","text":"hé"}')
  expect(request.headers).toMatchObject({
    host: behind.url.slice('http://'.length),
    'content-type': 'application/json',
    'content-length': String(Buffer.byteLength('{"action":"act","text":"hé"}')),
    accept: 'application/json',
    'user-agent': `AmazonAPIGateway_${apiId}`,
    'x-amzn-apigateway-api-id': apiId,
    'x-amzn-trace-id': expect.stringMatching(/^Root=1-[0-9a-f]{8}-[0-9a-f]{24}$/),
  })
})

test('C4 (assumed for HTTP): an answer with an error status is a reply like any other', async () => {
  const behind = await backend((_, response) => response.writeHead(500).end('sorry'))
  const { stand } = await integrated({ ...PROXY, IntegrationUri: behind.url })

  expect(await ask(await stand.connect())).toBe('sorry')
})

test('C1: nothing is replied on a one-way route', async () => {
  const behind = await backend()
  const { stand } = await integrated({ ...PROXY, IntegrationUri: behind.url }, { twoWay: false })
  const client = await stand.connect()

  client.send({ action: 'act' })
  await expect.poll(() => behind.received.length).toBe(1)

  expect(await heardMeanwhile(client)).toEqual([])
})

test('C19, C20: a backend is told the connection by mapping only', async () => {
  const behind = await backend()
  const { stand } = await integrated(
    {
      ...PROXY,
      IntegrationUri: `${behind.url}/{room}/x?a=1`,
      RequestParameters: {
        'integration.request.header.connectionId': 'context.connectionId',
        'integration.request.header.who': 'route.request.body.user.name',
        'integration.request.header.all': 'route.request.body',
        'integration.request.header.none': 'route.request.body.nothing',
        'integration.request.querystring.colour': 'stageVariables.color',
        'integration.request.querystring.n': 'route.request.body.n',
        'integration.request.querystring.odd': "'a b&c=é'",
        'integration.request.path.room': 'route.request.body.room',
      },
    },
    { stageVariables: { color: 'blue' } },
  )
  const client = await stand.connect()

  await ask(client, { action: 'act', user: { name: 'ana' }, n: 7, room: 'lobby' })

  const [{ url, headers }] = behind.received as [Received]
  expect(url).toBe('/lobby/x?a=1&colour=blue&n=7&odd=a+b%26c%3D%C3%A9')
  expect(headers).toMatchObject({
    connectionid: expect.stringMatching(/^[\w-]{15}=$/),
    who: 'ana',
    all: '{"action":"act","user":{"name":"ana"},"n":7,"room":"lobby"}',
  })
  expect(headers).not.toHaveProperty('none')
})

test('C27: stage variables stand in the address', async () => {
  const behind = await backend()
  const { stand } = await integrated(
    { ...PROXY, IntegrationUri: 'http://${stageVariables.host}/${stageVariables.path}' },
    { stageVariables: { host: behind.url.slice('http://'.length), path: 'v2' } },
  )

  await ask(await stand.connect())

  expect(behind.received[0]?.url).toBe('/v2')
})

test('A48: HTTP_PROXY passes a handshake’s headers and query on, those of the WebSocket protocol too', async () => {
  const behind = await backend()
  const { stand } = await integrated(
    { ...PROXY, IntegrationUri: `${behind.url}/in?own=1` },
    { routeKeys: ['$connect'] },
  )

  await stand.connect('/prod?token=a&token=b', { headers: { 'X-Mine': 'yes', 'User-Agent': 'me' } })

  const [{ url, headers, body }] = behind.received as [Received]
  expect(url).toBe('/in?own=1&token=a&token=b')
  expect(body).toHaveLength(0)
  expect(headers).toMatchObject({
    'sec-websocket-version': '13',
    'sec-websocket-key': expect.any(String),
    'sec-websocket-extensions': expect.any(String),
    'x-mine': 'yes',
    'user-agent': 'me',
    'x-forwarded-for': '127.0.0.1',
    'x-forwarded-proto': 'https',
    host: behind.url.slice('http://'.length),
    'content-length': '0',
  })
  expect(headers).not.toHaveProperty('upgrade')
  expect(headers).not.toHaveProperty('content-type')
  expect(headers).not.toHaveProperty('connectionid')
})

test('A48: a mapped Sec-WebSocket-Version of 0 is the cure', async () => {
  const behind = await backend(({ headers }, response) =>
    response.writeHead(headers['sec-websocket-version'] === '0' ? 200 : 400).end(),
  )
  const refused = await integrated({ ...PROXY, IntegrationUri: behind.url }, { routeKeys: ['$connect'] })
  expect(await statusOf(refused.stand.connect())).toBe(400)

  const cured = await integrated(
    {
      ...PROXY,
      IntegrationUri: behind.url,
      RequestParameters: { 'integration.request.header.Sec-WebSocket-Version': "'0'" },
    },
    { routeKeys: ['$connect'] },
  )
  await cured.stand.connect()
})

test('A48: HTTP passes on the headers of the WebSocket protocol only', async () => {
  const behind = await backend()
  const { stand } = await integrated({ ...CUSTOM, IntegrationUri: behind.url }, { routeKeys: ['$connect'] })

  await stand.connect('/prod?token=a', { headers: { 'X-Mine': 'yes' } })

  const [{ url, headers }] = behind.received as [Received]
  expect(url).toBe('/')
  expect(headers).toHaveProperty('sec-websocket-version', '13')
  expect(headers).not.toHaveProperty('x-mine')
})

test.each([204, 301, 401, 404, 503])('A7, A8: a backend’s %i decides about the handshake', async status => {
  const behind = await backend((_, response) => response.writeHead(status, { Location: '/x' }).end())
  const { stand } = await integrated({ ...PROXY, IntegrationUri: behind.url }, { routeKeys: ['$connect'] })
  const connecting = stand.connect()

  if (status === 204) await connecting
  else expect(await statusOf(connecting)).toBe(status)
  expect(behind.received).toHaveLength(1)
})

test('A22: the backend chooses the subprotocol', async () => {
  const behind = await backend((_, response) =>
    response.setHeader('Sec-WebSocket-Protocol', 'chat').setHeader('X-Other', 'lost').end(),
  )
  const { stand } = await integrated({ ...PROXY, IntegrationUri: behind.url }, { routeKeys: ['$connect'] })

  const client = await stand.connect('/prod', { protocols: ['chat', 'talk'] })

  expect(client.socket.protocol).toBe('chat')
  expect(behind.received[0]?.headers['sec-websocket-protocol']).toBe('chat,talk')
})

test('A22 (assumed): behind an HTTP integration a response parameter chooses it', async () => {
  const behind = await backend((_, response) => response.end('{"use":"talk"}'))
  const { stand } = await integrated(
    { ...CUSTOM, IntegrationUri: behind.url },
    {
      routeKeys: ['$connect'],
      responses: [
        {
          IntegrationResponseKey: '$default',
          ResponseParameters: {
            'route.response.header.Sec-WebSocket-Protocol': 'integration.response.body.use',
          },
        },
      ],
    },
  )

  const client = await stand.connect('/prod', { protocols: ['chat', 'talk'] })

  expect(client.socket.protocol).toBe('talk')
})

test('C20: what a route declares of a handshake can be mapped, once or in all its values', async () => {
  const behind = await backend()
  const { stand, route } = await integrated(
    {
      ...CUSTOM,
      IntegrationUri: behind.url,
      RequestParameters: {
        'integration.request.header.auth': 'route.request.querystring.token',
        'integration.request.header.mine': 'route.request.header.x-mine',
        'integration.request.querystring.t': 'route.request.multivaluequerystring.token',
        'integration.request.querystring.m': 'route.request.multivalueheader.X-Mine',
        'integration.request.header.undeclared': 'route.request.querystring.other',
      },
    },
    { routeKeys: [] },
  )
  await route('$connect', {
    RequestParameters: {
      'route.request.querystring.token': { Required: true },
      'route.request.multivaluequerystring.token': { Required: false },
      'route.request.header.x-mine': { Required: false },
      'route.request.multivalueheader.X-Mine': { Required: false },
    },
  })

  await stand.connect('/prod?token=a&token=b&other=c', { headers: { 'X-Mine': 'yes' } })

  const [{ url, headers }] = behind.received as [Received]
  expect(url).toBe('/?t=a&t=b&m=yes')
  expect(headers).toMatchObject({ auth: 'b', mine: 'yes' })
  expect(headers).not.toHaveProperty('undeclared')
  // Assumed: as in REST.
  expect(await statusOf(stand.connect('/prod'))).toBe(400)
  expect(behind.received).toHaveLength(1)
})

test('C10, C11, C12: an HTTP integration replies by the backend’s status, with templates that see its answer', async () => {
  const behind = await backend(({ body }, response) => {
    const { status } = JSON.parse(body.toString())
    response.writeHead(status, { 'X-Kind': ['a', 'b'] }).end(`{"status":${status}}`)
  })
  const { stand } = await integrated(
    {
      ...CUSTOM,
      IntegrationUri: behind.url,
      TemplateSelectionExpression: '\\$default',
      RequestTemplates: { $default: '{"status":$input.json("$.ask"),"id":"$context.connectionId"}' },
    },
    {
      responses: [
        reply('/2\\d\\d/', 'fine $input.path("$.status") $context.status'),
        {
          IntegrationResponseKey: '/404/',
          TemplateSelectionExpression:
            '${integration.response.statuscode}-${integration.response.header.x-kind}-${integration.response.multivalueheader.x-kind}',
          ResponseTemplates: { '404-b-[a, b]': 'by header', $default: 'by default' },
        },
        { IntegrationResponseKey: '/5\\d\\d/' },
        {
          IntegrationResponseKey: '$default',
          TemplateSelectionExpression: '${request.body.kind}',
          ResponseTemplates: { x: 'the message said x', $default: 'other' },
        },
      ],
    },
  )
  const client = await stand.connect()

  expect(await ask(client, { action: 'act', ask: 204 })).toBe('fine  204')
  expect(await ask(client, { action: 'act', ask: 200 })).toBe('fine 200 200')
  expect(await ask(client, { action: 'act', ask: 404 })).toBe('by header')
  expect(await ask(client, { action: 'act', ask: 503 })).toBe('{"status":503}')
  expect(await ask(client, { action: 'act', ask: 301, kind: 'x' })).toBe('the message said x')
  expect(await ask(client, { action: 'act', ask: 301, kind: 'y' })).toBe('other')
  expect(JSON.parse(String(behind.received[0]?.body))).toEqual({
    status: 204,
    id: expect.stringMatching(/^[\w-]{15}=$/),
  })
})

test('C10: an answer for which there is no integration response is an Internal server error', async () => {
  const behind = await backend()
  const { stand } = await integrated(
    { ...CUSTOM, IntegrationUri: behind.url },
    { responses: [reply('/404/', 'x')] },
  )

  expect(errorIn(await ask(await stand.connect()))).toBe('Internal server error')
})

test('C10: without any integration response nothing is replied', async () => {
  const behind = await backend()
  const { stand } = await integrated({ ...CUSTOM, IntegrationUri: behind.url })
  const client = await stand.connect()

  client.send({ action: 'act' })
  await expect.poll(() => behind.received.length).toBe(1)

  expect(await heardMeanwhile(client)).toEqual([])
})

test('C13: a message for which there is no template does not pass', async () => {
  const behind = await backend()
  const { stand } = await integrated({ ...CUSTOM, IntegrationUri: behind.url, PassthroughBehavior: 'NEVER' })

  expect(errorIn(await ask(await stand.connect()))).toBe('Unsupported Media Type')
  expect(behind.received).toEqual([])
})

test('C23: base64 text is decoded for the backend, and its bytes encoded for the client', async () => {
  const bytes = Buffer.from([0, 255, 128, 10])
  const behind = await backend(({ body }, response) => response.end(body))
  const { stand } = await integrated(
    { ...CUSTOM, IntegrationUri: behind.url, ContentHandlingStrategy: 'CONVERT_TO_BINARY' },
    {
      routeKeys: ['$default'],
      responses: [{ IntegrationResponseKey: '$default', ContentHandlingStrategy: 'CONVERT_TO_TEXT' }],
    },
  )
  const client = await stand.connect()

  expect(await ask(client, bytes.toString('base64'))).toBe(bytes.toString('base64'))
  expect(behind.received[0]?.body).toEqual(bytes)
  expect(errorIn(await ask(client, '{"not":"base64"}'))).toBe('Internal server error')
  expect(behind.received).toHaveLength(1)
})

test('a GET has no body', async () => {
  const behind = await backend()
  const { stand } = await integrated({ ...PROXY, IntegrationMethod: 'GET', IntegrationUri: behind.url })

  expect(await ask(await stand.connect())).toBe('{"hello":"you"}')
  expect(behind.received[0]).toMatchObject({ method: 'GET', body: Buffer.alloc(0) })
})

test.each([
  [
    'nobody listens',
    'http://127.0.0.1:9',
    'Execution failed due to a network error communicating with endpoint',
  ],
  [
    'there is no host',
    'http://${stageVariables.host}/',
    'Execution failed due to configuration error: Invalid endpoint address',
  ],
  [
    'a path parameter is missing',
    'http://127.0.0.1:9/{room}',
    'Execution failed due to configuration error: Invalid endpoint address',
  ],
  [
    'it is AWS',
    'https://sqs.us-east-1.amazonaws.com/',
    'Execution failed due to configuration error: sqs.us-east-1.amazonaws.com is a host of AWS, and the local cloud sends nothing there',
  ],
])('B10 (assumed for handshakes: 500): %s', async (_, IntegrationUri, because) => {
  const { stand } = await integrated({ ...PROXY, IntegrationUri }, { routeKeys: ['act'] })
  expect(errorIn(await ask(await stand.connect()))).toBe('Internal server error')

  const gated = await integrated({ ...PROXY, IntegrationUri }, { routeKeys: ['$connect'] })
  expect(await statusOf(gated.stand.connect())).toBe(500)
  expect(await gated.stand.sees(event => event.kind === 'handshake' && event.because)).toMatchObject({
    because,
  })
})

test('B10: so is a backend that hangs up', async () => {
  const behind = await backend((_, response) => response.destroy())
  const { stand } = await integrated({ ...PROXY, IntegrationUri: behind.url })

  expect(errorIn(await ask(await stand.connect()))).toBe('Internal server error')
})

test('a connection that the backend has closed meanwhile is not used again', async () => {
  const behind = await backend((_, response) => response.end('pong', () => response.socket?.destroy()))
  const { stand } = await integrated({ ...PROXY, IntegrationUri: behind.url })
  const client = await stand.connect()

  for (let n = 0; n < 5; n++) expect(await ask(client)).toBe('pong')
})

test('B13: a backend that is slower than the timeout is not waited for', async () => {
  const asked = gate()
  const left = gate()
  const behind = await backend((_, response) => {
    response.on('close', () => left.open())
    asked.open()
  })
  const { stand } = await integrated({ ...PROXY, IntegrationUri: behind.url })
  const client = await stand.connect()

  client.send({ action: 'act' })
  await asked.passed
  stand.clock.advance(20_000)
  expect(await heardMeanwhile(client)).toEqual([])
  stand.clock.advance(9000)

  expect(errorIn(await client.hears())).toBe('Endpoint request timed out')
  await left.passed
})

test('a header that only API Gateway may set fails the request', async () => {
  const behind = await backend()
  const { stand } = await integrated({
    ...PROXY,
    IntegrationUri: behind.url,
    RequestParameters: { 'integration.request.header.Content-Length': "'5'" },
  })

  expect(errorIn(await ask(await stand.connect()))).toBe('Internal server error')
  expect(behind.received).toEqual([])
})

test('a value that cannot stand in a header fails the request', async () => {
  const behind = await backend()
  const { stand } = await integrated({
    ...PROXY,
    IntegrationUri: behind.url,
    RequestParameters: { 'integration.request.header.text': 'route.request.body.text' },
  })

  expect(errorIn(await ask(await stand.connect(), { action: 'act', text: 'a\r\nb: c' }))).toBe(
    'Internal server error',
  )
  expect(behind.received).toEqual([])
})
