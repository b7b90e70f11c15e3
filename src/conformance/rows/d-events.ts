import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts'
import { assert } from '../assert.ts'
import { authorized, policy } from '../grounds/authorized.ts'
import { signedOnly, withVariables } from '../grounds/events.ts'
import { plain } from '../grounds/plain.ts'
import { fact, notModelled, type Row } from '../row.ts'
import { signedGet } from '../sign.ts'
import type { KnockOptions } from '../socket.ts'
import type { Standing } from '../standing.ts'
import type { World } from '../world.ts'
import { credentialsOf } from './address.ts'

/** All events of one short life: a client that came, said something on a route of its own and on `$default`, and left. */
async function life(world: World, options: KnockOptions = {}, ground = plain) {
  const up = await world.on(ground)
  const nonce = world.nonce()
  const socket = await up.connect('Url', { ...options, headers: { 'X-Nonce': nonce, ...options.headers } })
  const connect = await up.saw(up.output('ConnectLogName'), nonce)
  const message = await up.ask(socket, { echo: true })
  socket.send(`${nonce} is no JSON`)
  const other = await up.saw(up.output('MessageLogName'), `${nonce} is no JSON`)
  socket.ws.close()
  const disconnect = await up.saw(up.output('DisconnectLogName'), connect.requestContext.connectionId)
  return { up, connect, message, other, disconnect }
}

const keys = (value: object): readonly string[] => Object.keys(value).sort()

const alwaysThere = [
  'apiId',
  'connectedAt',
  'connectionId',
  'domainName',
  'eventType',
  'extendedRequestId',
  'identity',
  'messageDirection',
  'requestId',
  'requestTime',
  'requestTimeEpoch',
  'routeKey',
  'stage',
]

/** Section D: what functions are given. */
export const events: readonly Row[] = [
  fact(
    'D1',
    'H',
    'CONNECT has headers, the query string only if there is one, and no body, method or path',
    async world => {
      const { connect } = await life(world)
      const base = ['headers', 'isBase64Encoded', 'multiValueHeaders', 'requestContext']
      assert.deepEqual(keys(connect), base)
      assert.equal(connect.isBase64Encoded, false)
      const asked = await life(world, { query: { room: 'a' } })
      const query = ['multiValueQueryStringParameters', 'queryStringParameters']
      assert.deepEqual(keys(asked.connect), [...base, ...query].sort())
      assert.deepEqual(asked.connect.queryStringParameters, { room: 'a' })
      assert.deepEqual(asked.connect.multiValueQueryStringParameters, { room: ['a'] })
    },
  ),
  fact(
    'D2',
    'H',
    "CONNECT has the client's headers and the forwarding ones, but not `Connection` and `Upgrade`",
    async world => {
      const up = await world.on(plain)
      const nonce = world.nonce()
      const given = {
        'User-Agent': 'conformance',
        Origin: 'https://example.com',
        Cookie: 'a=b',
        'X-Nonce': nonce,
        'Sec-WebSocket-Extensions': 'permessage-deflate; client_max_window_bits',
      }
      await up.knock('Url', { headers: given })
      const { headers, multiValueHeaders, requestContext } = await up.saw(up.output('ConnectLogName'), nonce)
      assert.deepEqual(keys(headers), [
        'Cookie',
        'Host',
        'Origin',
        'Sec-WebSocket-Extensions',
        'Sec-WebSocket-Key',
        'Sec-WebSocket-Version',
        'User-Agent',
        'X-Amzn-Trace-Id',
        'X-Forwarded-For',
        'X-Forwarded-Port',
        'X-Forwarded-Proto',
        'X-Nonce',
      ])
      assert.equal(headers.Host, `${up.output('ApiId')}.execute-api.${up.region}.amazonaws.com`)
      assert.match(headers['X-Amzn-Trace-Id'], /^Root=1-[0-9a-f]{8}-[0-9a-f]{24}$/)
      assert.equal(headers['X-Forwarded-For'], requestContext.identity.sourceIp)
      assert.equal(headers['X-Forwarded-Port'], '443')
      assert.equal(headers['X-Forwarded-Proto'], 'https')
      for (const [name, value] of Object.entries(given)) assert.equal(headers[name], value)
      for (const [name, value] of Object.entries(headers)) assert.deepEqual(multiValueHeaders[name], [value])
    },
  ),
  fact('D3', 'M-H', "Header names keep the client's case", async world => {
    const { connect } = await life(world, { headers: { 'x-ODD-Name': 'kept' } })
    assert.equal(connect.headers['x-ODD-Name'], 'kept')
  }),
  fact(
    'D4',
    'H',
    'MESSAGE has `requestContext`, `body` (a text) and `isBase64Encoded`, nothing else',
    async world => {
      const { message, other } = await life(world)
      for (const event of [message, other]) {
        assert.deepEqual(keys(event), ['body', 'isBase64Encoded', 'requestContext'])
        assert.equal(typeof event.body, 'string')
      }
    },
  ),
  fact('D5', 'H', 'On `$default` it is the same, with that `routeKey`', async world => {
    const { message, other } = await life(world)
    assert.equal(message.requestContext.routeKey, 'ask')
    assert.equal(other.requestContext.routeKey, '$default')
    assert.deepEqual(keys(message.requestContext), keys(other.requestContext))
  }),
  fact('D6', 'H', 'DISCONNECT has four headers: `Host`, and three that are empty', async world => {
    const { disconnect, up } = await life(world)
    const Host = `${up.output('ApiId')}.execute-api.${up.region}.amazonaws.com`
    const headers = { Host, 'x-api-key': '', 'X-Forwarded-For': '', 'x-restapi': '' }
    assert.deepEqual(keys(disconnect), ['headers', 'isBase64Encoded', 'multiValueHeaders', 'requestContext'])
    assert.deepEqual(disconnect.headers, headers)
    assert.deepEqual(
      disconnect.multiValueHeaders,
      Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value]])),
    )
    assert.equal(disconnect.isBase64Encoded, false)
  }),
  fact('D7', 'H', 'The members of `requestContext` in all three', async world => {
    const { connect, message, disconnect, up } = await life(world)
    for (const { requestContext } of [connect, message, disconnect]) {
      for (const name of alwaysThere) assert.ok(name in requestContext, name)
      assert.equal(requestContext.messageDirection, 'IN')
      assert.equal(requestContext.stage, 'live')
      assert.equal(requestContext.apiId, up.output('ApiId'))
    }
    assert.deepEqual(
      [connect, message, disconnect].map(({ requestContext }) => requestContext.eventType),
      ['CONNECT', 'MESSAGE', 'DISCONNECT'],
    )
  }),
  fact(
    'D8',
    'H',
    '`messageId` only in MESSAGE, `disconnectStatusCode` and `disconnectReason` only in DISCONNECT; elsewhere absent, not null',
    async world => {
      const { connect, message, disconnect } = await life(world)
      assert.deepEqual(keys(connect.requestContext), alwaysThere)
      assert.deepEqual(keys(message.requestContext), [...alwaysThere, 'messageId'].sort())
      assert.deepEqual(
        keys(disconnect.requestContext),
        [...alwaysThere, 'disconnectReason', 'disconnectStatusCode'].sort(),
      )
      assert.equal(typeof disconnect.requestContext.disconnectStatusCode, 'number')
      assert.equal(typeof disconnect.requestContext.disconnectReason, 'string')
    },
  ),
  fact('D9', 'H', '`requestId` is `extendedRequestId`, in the short form', async world => {
    const { connect, message, disconnect } = await life(world)
    for (const { requestContext } of [connect, message, disconnect]) {
      assert.equal(requestContext.requestId, requestContext.extendedRequestId)
      assert.match(requestContext.requestId, /^[\w-]{15}=$/)
    }
  }),
  fact(
    'D10',
    'H',
    '`requestTime` is in the common log format, the other times are milliseconds',
    async world => {
      const { connect } = await life(world)
      const { requestTime, requestTimeEpoch, connectedAt } = connect.requestContext
      assert.match(requestTime, /^\d\d\/[A-Z][a-z]{2}\/\d{4}:\d\d:\d\d:\d\d \+0000$/)
      assert.ok(Number.isInteger(requestTimeEpoch) && Math.abs(requestTimeEpoch - Date.now()) < 600_000)
      assert.ok(Number.isInteger(connectedAt))
      // `Date` reads it without the slashes and the first colon.
      const read = Date.parse(requestTime.replaceAll('/', ' ').replace(':', ' '))
      assert.equal(read, Math.floor(requestTimeEpoch / 1000) * 1000)
    },
  ),
  fact(
    'D11',
    'H',
    '`connectedAt` stays the same, and is a little before the CONNECT request',
    async world => {
      const { connect, message, disconnect } = await life(world)
      const { connectedAt, requestTimeEpoch } = connect.requestContext
      assert.ok(connectedAt < requestTimeEpoch)
      assert.equal(message.requestContext.connectedAt, connectedAt)
      assert.equal(disconnect.requestContext.connectedAt, connectedAt)
    },
  ),
  fact(
    'D12',
    'H',
    '`identity` is `sourceIp`, and `userAgent` only if the client sent one; a signed handshake adds the caller',
    async world => {
      const without = await life(world)
      const named = await life(world, { headers: { 'User-Agent': 'conformance' } })
      for (const event of ['connect', 'message', 'disconnect'] as const) {
        assert.deepEqual(keys(without[event].requestContext.identity), ['sourceIp'])
        assert.deepEqual(keys(named[event].requestContext.identity), ['sourceIp', 'userAgent'])
        assert.equal(named[event].requestContext.identity.userAgent, 'conformance')
      }
      const up = await world.on(signedOnly)
      const { Arn, Account } = await up.aws(STSClient).send(new GetCallerIdentityCommand())
      const { accessKeyId } = await credentialsOf(up)
      for (const how of ['headers', 'query'] as const) {
        const { url, headers } = await signedGet(up.output('Url'), up.configuration, how)
        const signed = await up.ask(await up.connect(url, { headers }), { echo: true })
        const { accountId, caller, user, userArn, accessKey } = signed.requestContext.identity
        assert.deepEqual([accountId, userArn, accessKey], [Account, Arn, accessKeyId])
        assert.ok(caller && user)
      }
    },
    "Which of the caller's members appear is less sure",
  ),
  fact(
    'D13',
    'H',
    "`domainName` is the host of the API's address, `stage` is always there",
    async world => {
      const { connect, message, disconnect, up } = await life(world)
      for (const { requestContext } of [connect, message, disconnect]) {
        assert.equal(
          requestContext.domainName,
          `${up.output('ApiId')}.execute-api.${up.region}.amazonaws.com`,
        )
        assert.equal(requestContext.stage, 'live')
      }
    },
    'That it is a custom domain’s is E19',
  ),
  fact('D14', 'M', '`messageId` looks like a `connectionId`, and ends like it', async world => {
    const { message } = await life(world)
    const { messageId, connectionId } = message.requestContext
    assert.match(messageId, /^[\w-]{15}=$/)
    assert.equal(messageId.slice(-4), connectionId.slice(-4))
  }),
  fact(
    'D15',
    'H',
    '`authorizer` is in all three: the context as texts, `principalId`, and `integrationLatency`, a number',
    async world => {
      const auth = policy('Allow', { context: { room: 'blue', level: 3, admin: true } })
      const { connect, message, disconnect } = await life(world, { query: { auth } }, authorized)
      for (const { requestContext } of [connect, message, disconnect]) {
        const { integrationLatency, ...rest } = requestContext.authorizer
        assert.deepEqual(rest, { room: 'blue', level: '3', admin: 'true', principalId: 'ana' })
        assert.equal(typeof integrationLatency, 'number')
      }
    },
    'The types are less sure',
  ),
  fact('D16', 'M-H', '`isBase64Encoded` is false', async world => {
    const { connect, message, disconnect } = await life(world)
    for (const event of [connect, message, disconnect]) assert.equal(event.isBase64Encoded, false)
  }),
  fact(
    'D17',
    'M-H',
    '`stageVariables` is there when the stage has some; in an authorizer’s event always',
    async world => {
      const up = await world.on(withVariables)
      const nonce = world.nonce()
      const socket = await up.connect('Url', { query: { nonce } })
      const connect = await up.saw(up.output('ConnectLogName'), nonce)
      assert.deepEqual(connect.stageVariables, { colour: 'blue' })
      assert.deepEqual((await up.ask(socket, { echo: true })).stageVariables, { colour: 'blue' })
      const { connect: without } = await life(world)
      assert.equal('stageVariables' in without, false)
      assert.deepEqual((await authorizerEvent(world)).stageVariables, {})
    },
  ),
  notModelled(
    'D18',
    'M',
    'The type `APIGatewayProxyWebsocketEventV2` lacks headers and query string',
    'a type of another package, not of the service',
  ),
]

/** What an authorizer is given. */
export async function authorizerEvent(world: World, options: KnockOptions = {}): Promise<any> {
  const up: Standing = await world.on(authorized)
  const nonce = world.nonce()
  await up.knock('Url', { ...options, query: { auth: policy('Allow'), nonce, ...options.query } })
  return up.saw(up.output('AuthorizerLogName'), nonce)
}
