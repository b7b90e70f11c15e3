import { expect, test } from 'vitest'
import { openStand } from '../stand.ts'

const ID = expect.stringMatching(/^[A-Za-z0-9_-]{15}=$/)
const CLF = expect.stringMatching(
  /^\d\d\/(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)\/\d{4}:\d\d:\d\d:\d\d \+0000$/,
)

/** The events of a life: connect, two messages (of which one to $default), disconnect. */
async function live(
  path = '/prod',
  headers: Record<string, string> = {},
  stage: Record<string, unknown> = {},
) {
  const stand = await openStand(() => ({ statusCode: 200 }))
  const { apiId } = await stand.api(['$connect', 'chat', '$default', '$disconnect'], { stage })
  const client = await stand.connect(path, { headers })
  const invoked = async (count: number) => {
    await expect.poll(() => stand.invokes.length).toBe(count)
    return JSON.parse(stand.invokes[count - 1]!.payload)
  }
  const connect = await invoked(1)
  client.send({ action: 'chat', text: 'hi' })
  const message = await invoked(2)
  client.send('not json')
  const other = await invoked(3)
  client.socket.close()
  const disconnect = await invoked(4)
  return {
    domainName: `${apiId}.execute-api.us-east-1.amazonaws.com`,
    apiId,
    connect,
    message,
    other,
    disconnect,
  }
}

test('D1, D2: the event of $connect', async () => {
  const { connect, domainName, apiId } = await live()

  expect(connect).toEqual({
    headers: {
      Host: domainName,
      'Sec-WebSocket-Extensions': 'permessage-deflate; client_max_window_bits',
      'Sec-WebSocket-Key': expect.any(String),
      'Sec-WebSocket-Version': '13',
      'X-Amzn-Trace-Id': expect.stringMatching(/^Root=1-[0-9a-f]{8}-[0-9a-f]{24}$/),
      'X-Forwarded-For': '127.0.0.1',
      'X-Forwarded-Port': '443',
      'X-Forwarded-Proto': 'https',
    },
    multiValueHeaders: Object.fromEntries(
      Object.entries(connect.headers).map(([name, value]) => [name, [value]]),
    ),
    requestContext: {
      routeKey: '$connect',
      eventType: 'CONNECT',
      extendedRequestId: ID,
      requestTime: CLF,
      messageDirection: 'IN',
      stage: 'prod',
      connectedAt: expect.any(Number),
      requestTimeEpoch: expect.any(Number),
      identity: { sourceIp: '127.0.0.1' },
      requestId: ID,
      domainName,
      connectionId: ID,
      apiId,
    },
    isBase64Encoded: false,
  })
})

test('D4: the event of a message, key for key', async () => {
  const { message, domainName, apiId, connect } = await live()

  expect(message).toEqual({
    requestContext: {
      routeKey: 'chat',
      messageId: ID,
      eventType: 'MESSAGE',
      extendedRequestId: ID,
      requestTime: CLF,
      messageDirection: 'IN',
      stage: 'prod',
      connectedAt: connect.requestContext.connectedAt,
      requestTimeEpoch: expect.any(Number),
      identity: { sourceIp: '127.0.0.1' },
      requestId: ID,
      domainName,
      connectionId: connect.requestContext.connectionId,
      apiId,
    },
    body: '{"action":"chat","text":"hi"}',
    isBase64Encoded: false,
  })
})

test('D5: the event of $default is a message’s with another route key', async () => {
  const { message, other } = await live()

  expect(keysOf(other)).toEqual(keysOf(message))
  expect(other.requestContext.routeKey).toBe('$default')
  expect(other.body).toBe('not json')
})

test('D6: the event of $disconnect has four headers, three of them empty', async () => {
  const { disconnect, domainName, apiId, connect } = await live()

  expect(disconnect).toEqual({
    headers: { Host: domainName, 'x-api-key': '', 'X-Forwarded-For': '', 'x-restapi': '' },
    multiValueHeaders: { Host: [domainName], 'x-api-key': [''], 'X-Forwarded-For': [''], 'x-restapi': [''] },
    requestContext: {
      routeKey: '$disconnect',
      disconnectStatusCode: 1005,
      eventType: 'DISCONNECT',
      extendedRequestId: ID,
      requestTime: CLF,
      messageDirection: 'IN',
      disconnectReason: 'Client-side close frame status not set',
      stage: 'prod',
      connectedAt: connect.requestContext.connectedAt,
      requestTimeEpoch: expect.any(Number),
      identity: { sourceIp: '127.0.0.1' },
      requestId: ID,
      domainName,
      connectionId: connect.requestContext.connectionId,
      apiId,
    },
    isBase64Encoded: false,
  })
})

test('D7, D8: the keys are those of the captures, in their order', async () => {
  const { connect, message, disconnect } = await live()

  expect(keysOf(connect)).toEqual(['headers', 'multiValueHeaders', 'requestContext', 'isBase64Encoded'])
  expect(keysOf(connect.requestContext)).toEqual(CONTEXT)
  expect(keysOf(message)).toEqual(['requestContext', 'body', 'isBase64Encoded'])
  expect(keysOf(message.requestContext)).toEqual(['routeKey', 'messageId', ...CONTEXT.slice(1)])
  expect(keysOf(disconnect)).toEqual(['headers', 'multiValueHeaders', 'requestContext', 'isBase64Encoded'])
  expect(keysOf(disconnect.requestContext)).toEqual([
    'routeKey',
    'disconnectStatusCode',
    'eventType',
    'extendedRequestId',
    'requestTime',
    'messageDirection',
    'disconnectReason',
    ...CONTEXT.slice(5),
  ])
})

test('D1: the query string is there only if there is one, with the last of several values', async () => {
  const { connect } = await live('/prod?room=a&room=b%20c&empty=')

  expect(connect.queryStringParameters).toEqual({ room: 'b c', empty: '' })
  expect(connect.multiValueQueryStringParameters).toEqual({ room: ['a', 'b c'], empty: [''] })
})

test('D2, D3: headers keep the client’s spelling; Connection and Upgrade are not passed on', async () => {
  const { connect } = await live('/prod', {
    'x-MiXed': '1',
    Origin: 'https://a.example',
    Cookie: 'a=b',
    'X-Forwarded-For': '203.0.113.7',
  })

  expect(connect.headers).toMatchObject({
    'x-MiXed': '1',
    Origin: 'https://a.example',
    Cookie: 'a=b',
    'X-Forwarded-For': '203.0.113.7, 127.0.0.1',
  })
  expect(keysOf(connect.headers).map(name => name.toLowerCase())).not.toContain('connection')
  expect(keysOf(connect.headers).map(name => name.toLowerCase())).not.toContain('upgrade')
})

test('D9, D10, D11: request ids and times', async () => {
  const { connect, message } = await live()

  for (const { requestContext } of [connect, message]) {
    expect(requestContext.requestId).toBe(requestContext.extendedRequestId)
    const [day, month, year, time] = requestContext.requestTime.split(/[/:](?=.*\/)|:(?=\d\d:\d\d:)|\/| /)
    expect(new Date(`${day} ${month} ${year} ${time} UTC`).getTime()).toBe(
      Math.floor(requestContext.requestTimeEpoch / 1000) * 1000,
    )
  }
  expect(connect.requestContext.connectedAt).toBeLessThan(connect.requestContext.requestTimeEpoch)
  expect(message.requestContext.requestId).not.toBe(connect.requestContext.requestId)
})

test('D12: the user agent is there only if the client sent one', async () => {
  const { connect, disconnect } = await live('/prod', { 'User-Agent': 'lab/1' })

  expect(connect.requestContext.identity).toEqual({ sourceIp: '127.0.0.1', userAgent: 'lab/1' })
  expect(disconnect.requestContext.identity).toEqual({ sourceIp: '127.0.0.1', userAgent: 'lab/1' })
})

test('D14: a message id shares its end with the connection id', async () => {
  const { message } = await live()
  const { messageId, connectionId } = message.requestContext

  expect(messageId.slice(-8)).toBe(connectionId.slice(-8))
  expect(messageId).not.toBe(connectionId)
})

test('D17: stage variables are in the events of stages that have some', async () => {
  const { connect, message, disconnect } = await live('/prod', {}, { StageVariables: { table: 't' } })

  expect(connect.stageVariables).toEqual({ table: 't' })
  expect(message.stageVariables).toEqual({ table: 't' })
  expect(disconnect).not.toHaveProperty('stageVariables')
})

const CONTEXT = [
  'routeKey',
  'eventType',
  'extendedRequestId',
  'requestTime',
  'messageDirection',
  'stage',
  'connectedAt',
  'requestTimeEpoch',
  'identity',
  'requestId',
  'domainName',
  'connectionId',
  'apiId',
]

const keysOf = (object: object) => Object.keys(object)
