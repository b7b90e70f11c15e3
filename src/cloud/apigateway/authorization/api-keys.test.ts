import { expect, test } from 'vitest'
import type { Surroundings } from '../core.ts'
import { openStand, statusOf, uriOf } from '../stand.ts'

const KEY = 'AWS::ApiGateway::ApiKey'
const PLAN = 'AWS::ApiGateway::UsagePlan'
const PLAN_KEY = 'AWS::ApiGateway::UsagePlanKey'
const Value = 'a-key-of-twenty-characters'

/** An API whose `$connect` wants a key, and a plan for it with one key. */
async function keyed(plan: Record<string, unknown> = {}, extra: Partial<Surroundings> = {}) {
  const stand = await openStand(
    event =>
      event.type === 'REQUEST'
        ? {
            principalId: 'ana',
            policyDocument: {
              Statement: [{ Action: 'execute-api:Invoke', Effect: 'Allow', Resource: event.methodArn }],
            },
            usageIdentifierKey: event.queryStringParameters.key,
          }
        : { statusCode: 200 },
    extra,
  )
  const { apiId, integrationId } = await stand.api(['chat'])
  const Target = `integrations/${integrationId}`
  const route = { ApiId: apiId, RouteKey: '$connect', Target, ApiKeyRequired: true }
  const connectId = await stand.create('Route', route)
  const keyId = await stand.create(KEY, { Name: 'ana', Value, Enabled: true })
  const ApiStages = [{ ApiId: apiId, Stage: 'prod' }]
  const planId = await stand.create(PLAN, { UsagePlanName: 'all', ApiStages, ...plan })
  const membership = { KeyId: keyId, KeyType: 'API_KEY', UsagePlanId: planId }
  const membershipId = await stand.create(PLAN_KEY, membership)
  const connect = (key?: string) =>
    stand.connect('/prod', key === undefined ? {} : { headers: { 'X-Api-Key': key } })
  return { stand, apiId, route, connectId, keyId, planId, membership, membershipId, ApiStages, connect }
}

test('F23: a key of a plan of the stage opens the door, and events say whose it was', async () => {
  const { stand, keyId, connect } = await keyed()

  const client = await connect(Value)

  const identityIn = (at: number) => JSON.parse(stand.invokes[at]!.payload).requestContext.identity
  expect(identityIn(0)).toEqual({ apiKey: Value, apiKeyId: keyId, sourceIp: '127.0.0.1' })
  client.send({ action: 'chat' })
  await expect.poll(() => stand.invokes.length).toBe(2)
  expect(identityIn(1)).toMatchObject({ apiKeyId: keyId })
})

test('F23: no key, or one that nobody knows: 403', async () => {
  const { stand, connect } = await keyed()

  expect(await statusOf(connect())).toBe(403)
  expect(await statusOf(connect(''))).toBe(403)
  expect(await statusOf(connect('another-key-of-some-length'))).toBe(403)
  expect(stand.invokes).toEqual([])
})

test('F23: a key that is disabled, or deleted: 403', async () => {
  const { stand, keyId, connect } = await keyed()

  await stand.update(KEY, keyId, { Name: 'ana', Value, Enabled: false })
  expect(await statusOf(connect(Value))).toBe(403)
  await stand.update(KEY, keyId, { Name: 'ana', Value, Enabled: true })
  await connect(Value)
  await stand.remove(KEY, keyId, {})
  expect(await statusOf(connect(Value))).toBe(403)
})

test('F23: a key is disabled unless the template says otherwise', async () => {
  const { stand, planId, connect } = await keyed()
  const KeyId = await stand.create(KEY, { Value: 'another-key-of-some-length' })
  await stand.create(PLAN_KEY, { KeyId, KeyType: 'API_KEY', UsagePlanId: planId })

  expect(await statusOf(connect('another-key-of-some-length'))).toBe(403)
})

test('F23: a key in no plan of this stage: 403', async () => {
  const { stand, apiId, planId, membership, membershipId, connect } = await keyed()

  await stand.remove(PLAN_KEY, membershipId, membership)
  expect(await statusOf(connect(Value))).toBe(403)
  await stand.create(PLAN_KEY, membership)
  await connect(Value)

  await stand.create('Stage', { ApiId: apiId, StageName: 'other', AutoDeploy: true })
  await stand.update(PLAN, planId, { ApiStages: [{ ApiId: apiId, Stage: 'other' }] })
  expect(await statusOf(connect(Value))).toBe(403)
  await stand.update(PLAN, planId, { ApiStages: [{ ApiId: apiId, Stage: 'prod' }] })
  await connect(Value)
  await stand.remove(PLAN, planId, {})
  expect(await statusOf(connect(Value))).toBe(403)
})

test('F23: the plan’s throttle is for each key by itself: 429', async () => {
  const { stand, planId, connect } = await keyed({ Throttle: { RateLimit: 1, BurstLimit: 2 } })
  const other = 'another-key-of-some-length'
  const KeyId = await stand.create(KEY, { Value: other, Enabled: true })
  await stand.create(PLAN_KEY, { KeyId, KeyType: 'API_KEY', UsagePlanId: planId })

  await connect(Value)
  await connect(Value)
  expect(await statusOf(connect(Value))).toBe(429)
  await connect(other)
  stand.clock.advance(1000)
  await connect(Value)
})

test('F23: the plan’s quota: 429 until the next day', async () => {
  const { stand, planId, ApiStages, connect } = await keyed({ Quota: { Limit: 2, Period: 'DAY' } })

  await connect(Value)
  await connect(Value)
  expect(await statusOf(connect(Value))).toBe(429)
  // Neither the name nor the stages of a plan give anything back.
  const Quota = { Limit: 2, Period: 'DAY' }
  await stand.update(PLAN, planId, { ApiStages, UsagePlanName: 'renamed', Quota })
  expect(await statusOf(connect(Value))).toBe(429)
  stand.clock.advance(24 * 60 * 60 * 1000)
  await connect(Value)
})

test('F12, F23: the key comes from the authorizer, where the API says so', async () => {
  const { stand, apiId, route, connectId } = await keyed()
  await stand.update('Api', apiId, {
    Name: 'chat',
    ProtocolType: 'WEBSOCKET',
    RouteSelectionExpression: '$request.body.action',
    ApiKeySelectionExpression: '$context.authorizer.usageIdentifierKey',
  })
  const AuthorizerId = await stand.create('Authorizer', {
    ApiId: apiId,
    Name: 'gate',
    AuthorizerType: 'REQUEST',
    AuthorizerUri: uriOf('gate'),
    IdentitySource: ['route.request.querystring.key'],
  })
  await stand.update('Route', connectId, { ...route, AuthorizationType: 'CUSTOM', AuthorizerId })

  await stand.connect(`/prod?key=${Value}`)
  const { authorizer } = JSON.parse(stand.invokes.at(-1)!.payload).requestContext
  expect(authorizer).toEqual({ principalId: 'ana', integrationLatency: expect.any(Number) })
  expect(await statusOf(stand.connect('/prod?key=x', { headers: { 'x-api-key': Value } }))).toBe(403)
})

test('H15: the access and execution logs of a refused key', async () => {
  const lines: string[] = []
  const { stand, apiId, connect } = await keyed(
    {},
    {
      cloudWatchRoleArn: 'arn:aws:iam::123456789012:role/logs',
      logs: { write: (_group, _stream, line) => void lines.push(line), createGroup() {} },
    },
  )
  await stand.update('Stage', 'prod', {
    ApiId: apiId,
    StageName: 'prod',
    AutoDeploy: true,
    DefaultRouteSettings: { LoggingLevel: 'ERROR' },
    AccessLogSettings: {
      DestinationArn: 'arn:aws:logs:us-east-1:123456789012:log-group:x',
      Format: '$context.requestId $context.status $context.error.responseType $context.identity.apiKeyId',
    },
  })

  expect(await statusOf(connect('another-key-of-some-length'))).toBe(403)

  expect(lines.slice(1)).toEqual([
    expect.stringMatching(
      `^\\(\\S+\\) API Key \\*{20}length not authorized because route '\\$connect' requires API Key and API Key is not associated with a Usage Plan for API Stage ${apiId}/prod: API Key not found$`,
    ),
    expect.stringMatching(/^\S+ 403 INVALID_API_KEY -$/),
  ])
})

test('B25: keys are for $connect only', async () => {
  const stand = await openStand()
  const { apiId } = await stand.api([])

  await expect(
    stand.create('Route', { ApiId: apiId, RouteKey: 'chat', ApiKeyRequired: true }),
  ).rejects.toMatchObject({
    code: 'BadRequestException',
    message: 'Currently, API Key is restricted to the $connect route only',
  })
})

test.each<[string, Record<string, unknown>, string]>([
  [KEY, { Value: 'short' }, 'API Key value should be at least 20 characters'],
  [KEY, { Value }, 'API Key already exists'],
  [PLAN, { ApiStages: [{ ApiId: 'none', Stage: 'prod' }] }, 'API Stage not found: none:prod'],
  [
    PLAN,
    { Quota: { Limit: 1, Period: 'DAY', Offset: 1 } },
    'Usage Plan quota offset must be zero in the DAY period',
  ],
  [PLAN, { Quota: { Limit: 1, Period: 'YEAR' } }, 'Invalid Usage Plan quota period YEAR'],
  [
    PLAN_KEY,
    { KeyId: 'none', KeyType: 'API_KEY', UsagePlanId: 'none' },
    'Invalid API Key identifier specified',
  ],
  [PLAN_KEY, { KeyId: 'none', KeyType: 'OTHER', UsagePlanId: 'none' }, 'Invalid key type OTHER'],
  ['Api', { ApiKeySelectionExpression: '$request.body.key' }, 'Invalid API key selection expression'],
])('F23: %s %j is refused', async (type, properties, message) => {
  const { stand } = await keyed()
  const api = { Name: 'x', ProtocolType: 'WEBSOCKET', RouteSelectionExpression: '$request.body.action' }

  await expect(stand.create(type, type === 'Api' ? { ...api, ...properties } : properties)).rejects.toThrow(
    message,
  )
})

test('F23: a key is in one plan of a stage at most', async () => {
  const { stand, keyId, planId, membership, ApiStages } = await keyed()
  const second = await stand.create(PLAN, { ApiStages })

  await expect(stand.create(PLAN_KEY, membership)).rejects.toThrow(`already has API Key ${keyId}`)
  await expect(stand.create(PLAN_KEY, { ...membership, UsagePlanId: second })).rejects.toThrow(
    `already in Usage Plan ${planId}`,
  )
})

test('what is for REST APIs is refused by name', async () => {
  const stand = await openStand()

  expect(stand.refusals(KEY, { StageKeys: [{ RestApiId: 'x', StageName: 'prod' }] })).toEqual([
    expect.stringContaining('StageKeys'),
  ])
  expect(stand.refusals(PLAN, { ApiStages: [{ ApiId: 'x', Stage: 'y', Throttle: {} }] })).toEqual([
    expect.stringContaining('ApiStages.Throttle'),
  ])
})
