import { expect, test } from 'vitest'
import { AwsError } from '../../error.ts'
import type { Surroundings } from '../core.ts'
import { type Behind, gate, openStand, statusOf, uriOf } from '../stand.ts'

/** A stand whose stage logs these variables, each request as a JSON object; what is not there is absent. */
async function logging(
  variables: readonly string[],
  behind?: Behind,
  extra: Partial<Surroundings> = {},
  format = `{${variables.map(name => `"${name}":"$context.${name}"`).join()},"id":"$context.requestId"}`,
) {
  const lines: string[] = []
  const stand = await openStand(behind, {
    cloudWatchRoleArn: 'arn:aws:iam::123456789012:role/logs',
    logs: { write: (_group, _stream, line) => void lines.push(line), createGroup() {} },
    ...extra,
  })
  const DestinationArn = 'arn:aws:logs:us-east-1:123456789012:log-group:/chat/access'
  const { apiId, integrationId } = await stand.api(['chat', '$disconnect'], {
    stage: { AccessLogSettings: { DestinationArn, Format: format } },
  })
  const Target = `integrations/${integrationId}`
  const connectId = await stand.create('Route', { ApiId: apiId, RouteKey: '$connect', Target })
  const entries = () =>
    lines.map(line => {
      const { id: _, ...entry } = JSON.parse(line)
      return Object.fromEntries(Object.entries(entry).filter(([, value]) => value !== '-'))
    })
  /** Waits for the line of the last of so many requests. */
  const entry = async (count: number) => {
    await expect.poll(() => lines.length).toBe(count)
    return entries().at(-1)
  }
  return { stand, apiId, connectId, Target, lines, entry }
}

const ERROR = ['status', 'error.message', 'error.responseType', 'error.validationErrorString']
const INTEGRATION = [
  'integration.error',
  'integration.status',
  'integration.integrationStatus',
  'integration.requestId',
]
const AUTHORIZER = [
  'status',
  'error.responseType',
  'authorizer.error',
  'authorizer.status',
  'authorizer.requestId',
  'authorizer.integrationStatus',
  'authorizer.principalId',
  'authorizer.room',
  'authorize.error',
  'authorize.status',
]

test('H15: a handshake that succeeds', async () => {
  const { stand, entry } = await logging([...ERROR, ...INTEGRATION, 'domainName', 'stage', 'eventType'])

  await stand.connect()

  expect(await entry(1)).toEqual({
    status: '200',
    'integration.status': '200',
    'integration.integrationStatus': '200',
    'integration.requestId': 'r',
    domainName: expect.stringMatching(/^\w+\.execute-api\.us-east-1\.amazonaws\.com$/),
    stage: 'prod',
    eventType: 'CONNECT',
  })
})

test('H15: the function’s own status is not Lambda’s', async () => {
  const { stand, entry } = await logging([...ERROR, ...INTEGRATION], () => ({ statusCode: 401 }))

  expect(await statusOf(stand.connect())).toBe(401)

  expect(await entry(1)).toMatchObject({
    status: '401',
    'integration.status': '401',
    'integration.integrationStatus': '200',
  })
})

test.each([
  ['a function that throws', 'boom', 502, 'INTEGRATION_FAILURE', /customer function error: boom/],
  [
    'no permission (A12)',
    'no',
    500,
    'API_CONFIGURATION_ERROR',
    /^Execution failed due to configuration error: Invalid permissions on Lambda function$/,
  ],
])('H15: %s', async (_, message, status, type, error) => {
  const { stand, entry } = await logging([...ERROR, ...INTEGRATION], () => {
    throw message === 'no' ? new AwsError('AccessDeniedException', message, 403) : new Error(message)
  })

  expect(await statusOf(stand.connect())).toBe(status)

  expect(await entry(1)).toMatchObject({
    status: String(status),
    'error.message': 'Internal server error',
    'error.responseType': type,
    'integration.error': expect.stringMatching(error),
  })
})

test('B13: a function that takes too long', async () => {
  const asked = gate()
  const { stand, entry } = await logging([...ERROR, 'integrationLatency'], event => {
    if (event.requestContext.eventType !== 'MESSAGE') return { statusCode: 200 }
    asked.open()
    return new Promise(() => {})
  })
  const client = await stand.connect()
  client.send({ action: 'chat' })
  await asked.passed
  stand.clock.advance(29_000)

  expect(await entry(2)).toMatchObject({
    status: '504',
    'error.message': 'Endpoint request timed out',
    'error.responseType': 'INTEGRATION_TIMEOUT',
  })
})

test('B7, B15: messages that do not get as far as an integration', async () => {
  const { stand, apiId, Target, entry } = await logging([...ERROR, ...INTEGRATION, 'routeKey'])
  const properties = { text: { type: 'string' } }
  await stand.create('Model', { ApiId: apiId, Name: 'Say', Schema: { required: ['text'], properties } })
  await stand.create('Route', { ApiId: apiId, RouteKey: 'say', Target, RequestModels: { $default: 'Say' } })
  const client = await stand.connect()

  client.send({ action: 'nowhere' })
  expect(await entry(2)).toEqual({
    status: '403',
    'error.message': 'Forbidden',
    'error.responseType': 'ACCESS_DENIED',
    routeKey: '$default',
  })
  client.send('{"action":"say","text":1}')
  await expect.poll(() => client.inbox.length).toBe(2)
})

test('B15: the validator’s words', async () => {
  const { stand, apiId, Target, lines } = await logging(
    [],
    undefined,
    {},
    '$context.requestId $context.status $context.error.responseType $context.error.messageString $context.error.validationErrorString',
  )
  await stand.create('Model', { ApiId: apiId, Name: 'Say', Schema: { required: ['text', 'to'] } })
  await stand.create('Route', { ApiId: apiId, RouteKey: 'say', Target, RequestModels: { $default: 'Say' } })
  const client = await stand.connect()

  client.send({ action: 'say' })

  await expect.poll(() => lines.length).toBe(2)
  expect(lines[1]).toMatch(
    /^\S+ 400 BAD_REQUEST_BODY "Invalid request body" \[object has missing required properties \(\["text","to"\]\)\]$/,
  )
})

test('A19, G9: throttled', async () => {
  const { stand, apiId, entry } = await logging(ERROR)
  await stand.connect()
  const AccessLogSettings = {
    DestinationArn: 'arn:aws:logs:us-east-1:123456789012:log-group:/chat/access',
    Format: '{"status":"$context.status","type":"$context.error.responseType","id":"$context.requestId"}',
  }
  await stand.update('Stage', 'prod', {
    ApiId: apiId,
    StageName: 'prod',
    AutoDeploy: true,
    AccessLogSettings,
    DefaultRouteSettings: { ThrottlingRateLimit: 0, ThrottlingBurstLimit: 0 },
  })

  expect(await statusOf(stand.connect())).toBe(429)

  expect(await entry(2)).toEqual({ status: '429', type: 'THROTTLED' })
})

test('F5 to F10: what the authorizer said', async () => {
  const { stand, apiId, connectId, Target, entry } = await logging(AUTHORIZER, event => {
    if (event.type !== 'REQUEST') return { statusCode: 200 }
    const { token } = event.queryStringParameters
    if (token === 'throw') throw new Error('boom')
    if (token === 'unauthorized') throw new Error('Unauthorized')
    if (token === 'broken') return { isAuthorized: true }
    const Effect = token === 'deny' ? 'Deny' : 'Allow'
    const Statement = [{ Action: 'execute-api:Invoke', Effect, Resource: event.methodArn }]
    return { principalId: 'ana', policyDocument: { Statement }, context: { room: 7 } }
  })
  const AuthorizerId = await stand.create('Authorizer', {
    ApiId: apiId,
    Name: 'gate',
    AuthorizerType: 'REQUEST',
    AuthorizerUri: uriOf('gate'),
    IdentitySource: ['route.request.querystring.token'],
  })
  const route = { ApiId: apiId, RouteKey: '$connect', Target, AuthorizationType: 'CUSTOM', AuthorizerId }
  await stand.update('Route', connectId, route)
  const asked = { 'authorizer.requestId': 'r', 'authorizer.integrationStatus': '200' }

  const client = await stand.connect('/prod?token=good')
  const known = { 'authorizer.principalId': 'ana', 'authorizer.room': '7' }
  expect(await entry(1)).toEqual({
    ...asked,
    ...known,
    status: '200',
    'authorizer.status': '200',
    'authorize.status': '200',
  })
  client.send({ action: 'chat' })
  expect(await entry(2)).toEqual({ ...known, status: '200' })

  expect(await statusOf(stand.connect('/prod?token=deny'))).toBe(403)
  expect(await entry(3)).toEqual({
    ...asked,
    status: '403',
    'error.responseType': 'ACCESS_DENIED',
    'authorizer.status': '200',
    'authorize.status': '403',
    'authorize.error': 'The client is not authorized to perform this operation.',
  })
  expect(await statusOf(stand.connect())).toBe(401)
  expect(await entry(4)).toEqual({
    status: '401',
    'error.responseType': 'UNAUTHORIZED',
    'authorizer.status': '401',
    'authorizer.error': 'Identity source route.request.querystring.token is missing',
  })
  expect(await statusOf(stand.connect('/prod?token=unauthorized'))).toBe(401)
  expect(await entry(5)).toMatchObject({ ...asked, 'error.responseType': 'UNAUTHORIZED' })
  expect(await statusOf(stand.connect('/prod?token=throw'))).toBe(500)
  expect(await entry(6)).toMatchObject({
    ...asked,
    'error.responseType': 'AUTHORIZER_FAILURE',
    'authorizer.error': 'The authorizer failed: Error: boom',
  })
  expect(await statusOf(stand.connect('/prod?token=broken'))).toBe(500)
  expect(await entry(7)).toMatchObject({ 'error.responseType': 'AUTHORIZER_CONFIGURATION_ERROR' })
})

test('F17: who signed, and what IAM said', async () => {
  let known = true
  const { stand, apiId, connectId, Target, entry } = await logging(
    [
      'status',
      'authenticate.status',
      'authenticate.error',
      'authorize.status',
      'authorize.error',
      'identity.userArn',
    ],
    undefined,
    {
      identify() {
        if (known)
          return { kind: 'user', arn: 'arn:aws:iam::123456789012:user/ana', accountId: '1', userId: 'A' }
        throw new AwsError('MissingAuthenticationTokenException', 'Missing Authentication Token', 403)
      },
    },
  )
  await stand.update('Route', connectId, {
    ApiId: apiId,
    RouteKey: '$connect',
    Target,
    AuthorizationType: 'AWS_IAM',
  })

  await stand.connect()
  expect(await entry(1)).toEqual({
    status: '200',
    'authenticate.status': '200',
    'authorize.status': '200',
    'identity.userArn': 'arn:aws:iam::123456789012:user/ana',
  })
  stand.decide = () => ({ allowed: false, deny: 'implicit', kind: 'identity-based' })
  expect(await statusOf(stand.connect())).toBe(403)
  expect(await entry(2)).toMatchObject({ 'authenticate.status': '200', 'authorize.status': '403' })
  known = false
  expect(await statusOf(stand.connect())).toBe(403)
  expect(await entry(3)).toEqual({
    status: '403',
    'authenticate.status': '403',
    'authenticate.error': 'Missing Authentication Token',
  })
})

const WHO = '127.0.0.1'
test.each([
  [
    'CLF',
    '$context.identity.sourceIp $context.identity.caller $context.identity.user [$context.requestTime] "$context.eventType $context.routeKey $context.connectionId" $context.status $context.requestId',
    new RegExp(`^${WHO} - - \\[[^\\]]+\\] "CONNECT \\$connect \\S+=" 200 \\S+=$`),
  ],
  [
    'JSON',
    '{ "requestId":"$context.requestId", "ip": "$context.identity.sourceIp", "caller":"$context.identity.caller", "user":"$context.identity.user", "requestTime":"$context.requestTime", "eventType":"$context.eventType", "routeKey":"$context.routeKey", "status":"$context.status", "connectionId":"$context.connectionId" }',
    new RegExp(
      `^\\{ "requestId":"\\S+=", "ip": "${WHO}", "caller":"-", "user":"-", "requestTime":"[^"]+", "eventType":"CONNECT", "routeKey":"\\$connect", "status":"200", "connectionId":"\\S+=" \\}$`,
    ),
  ],
  [
    'XML',
    '<request id="$context.requestId"> <ip>$context.identity.sourceIp</ip> <eventType>$context.eventType</eventType> <routeKey>$context.routeKey</routeKey> <status>$context.status</status> </request>',
    new RegExp(
      `^<request id="\\S+="> <ip>${WHO}</ip> <eventType>CONNECT</eventType> <routeKey>\\$connect</routeKey> <status>200</status> </request>$`,
    ),
  ],
  [
    'CSV',
    '$context.identity.sourceIp,$context.identity.caller,$context.identity.user,$context.requestTime,$context.eventType,$context.routeKey,$context.connectionId,$context.status,$context.requestId',
    new RegExp(`^${WHO},-,-,[^,]+,CONNECT,\\$connect,[^,]+=,200,[^,]+=$`),
  ],
])('DG/websocket-api-logging: the format %s', async (_, format, line) => {
  const { stand, lines } = await logging([], undefined, {}, format)

  await stand.connect()

  expect(lines).toEqual([expect.stringMatching(line)])
})

test('logs to Kinesis Data Firehose are refused by name', async () => {
  const stand = await openStand(undefined, { logs: { write() {}, createGroup() {} } })
  const DestinationArn = 'arn:aws:firehose:us-east-1:123456789012:deliverystream/amazon-apigateway-chat'

  expect(stand.refusals('Stage', { AccessLogSettings: { DestinationArn } })).toEqual([
    'AccessLogSettings to Kinesis Data Firehose is not run here: only to a log group',
  ])
})
