import { expect, test } from 'vitest'
import { AwsError } from '../../error.ts'
import { type Behind, gate, openStand, statusOf, uriOf } from '../stand.ts'

const allow = (event: any, context?: object, Resource = event.methodArn) => ({
  principalId: 'ana',
  policyDocument: {
    Version: '2012-10-17',
    Statement: [{ Action: 'execute-api:Invoke', Effect: 'Allow', Resource }],
  },
  ...(context && { context }),
})

/** An API whose $connect is guarded by `guard`; the other routes are run by `rest`. */
async function guarded(
  guard: Behind,
  IdentitySource: unknown = [],
  rest: Behind = () => ({ statusCode: 200 }),
) {
  const stand = await openStand((event, invoke) =>
    invoke.functionName.endsWith('guard') ? guard(event, invoke) : rest(event, invoke),
  )
  const { apiId, integrationId } = await stand.api(['$disconnect', 'chat'], { stage: { StageVariables: {} } })
  const AuthorizerId = await stand.create('Authorizer', {
    ApiId: apiId,
    Name: 'guard',
    AuthorizerType: 'REQUEST',
    AuthorizerUri: uriOf('guard'),
    IdentitySource,
  })
  const route = {
    ApiId: apiId,
    RouteKey: '$connect',
    Target: `integrations/${integrationId}`,
    AuthorizationType: 'CUSTOM',
    AuthorizerId,
  }
  await stand.create('Route', route)
  return { stand, apiId, AuthorizerId }
}

test('F1, F15, F16, F27: the authorizer is asked once, before $connect, by its own source ARN', async () => {
  const { stand, apiId, AuthorizerId } = await guarded(event => allow(event))

  const client = await stand.connect('/prod?token=abc&token=def', { headers: { 'X-Mine': '1' } })
  client.send({ action: 'chat' })
  await expect.poll(() => stand.invokes.length).toBe(3)

  const [asked, connect] = stand.invokes
  expect(asked!.functionName).toMatch(/:guard$/)
  expect(asked!.sourceArn).toBe(
    `arn:aws:execute-api:us-east-1:123456789012:${apiId}/authorizers/${AuthorizerId}`,
  )
  const event = JSON.parse(asked!.payload)
  const domainName = `${apiId}.execute-api.us-east-1.amazonaws.com`
  expect(Object.keys(event)).toEqual([
    'type',
    'methodArn',
    'headers',
    'multiValueHeaders',
    'queryStringParameters',
    'multiValueQueryStringParameters',
    'stageVariables',
    'requestContext',
  ])
  expect(event).toMatchObject({
    type: 'REQUEST',
    methodArn: `arn:aws:execute-api:us-east-1:123456789012:${apiId}/prod/$connect`,
    headers: {
      Connection: 'upgrade',
      'content-length': '0',
      Upgrade: 'websocket',
      Host: domainName,
      'X-Mine': '1',
    },
    queryStringParameters: { token: 'def' },
    multiValueQueryStringParameters: { token: ['abc', 'def'] },
    stageVariables: {},
  })
  const { requestContext } = JSON.parse(connect!.payload)
  expect(event.requestContext.connectionId).toBe(requestContext.connectionId)
  expect(event.requestContext).not.toHaveProperty('authorizer')
})

test.each([
  ['route.request.querystring.token', '/prod?token=', {}, 401],
  ['route.request.querystring.token', '/prod', {}, 401],
  ['route.request.querystring.token', '/prod?token=x', {}, 101],
  ['route.request.header.Authorization', '/prod', {}, 401],
  ['route.request.header.Authorization', '/prod', { authorization: 'x' }, 101],
  ['route.request.header.A,route.request.querystring.b', '/prod?b=1', {}, 401],
  ['route.request.header.A,route.request.querystring.b', '/prod?b=1', { A: '1' }, 101],
  ['context.routeKey', '/prod', {}, 101],
  ['context.nothing', '/prod', {}, 401],
])('F5, F6: with identity source %s, %s %j is %i', async (source, path, headers, status) => {
  const { stand } = await guarded(event => allow(event), source.split(','))

  const connecting = stand.connect(path, { headers })

  if (status === 101) await connecting
  else {
    expect(await statusOf(connecting)).toBe(401)
    expect(stand.invokes).toHaveLength(0)
  }
})

const policy = (statement: object) => ({
  principalId: 'ana',
  policyDocument: { Version: '2012-10-17', Statement: [statement] },
})
const invoke = { Action: 'execute-api:Invoke', Effect: 'Allow' }

test.each<[string, Behind, number]>([
  ['F8: Unauthorized', () => Promise.reject(new Error('Unauthorized')), 401],
  ['F10: another error', () => Promise.reject(new Error('unauthorized')), 500],
  ['F9: a Deny', event => policy({ ...invoke, Effect: 'Deny', Resource: event.methodArn }), 403],
  [
    'F9: another resource',
    () => policy({ ...invoke, Resource: 'arn:aws:execute-api:us-east-1:123456789012:other/prod/$connect' }),
    403,
  ],
  ['F9: another action', () => policy({ Action: 's3:*', Effect: 'Allow', Resource: '*' }), 403],
  [
    'F19: the API without a star',
    event => policy({ ...invoke, Resource: event.methodArn.split('/')[0] }),
    403,
  ],
  ['F10: no policy', () => ({ statusCode: 401 }), 500],
  ['F11: a simple response', () => ({ isAuthorized: true }), 500],
  ['F12: no principal', event => ({ ...allow(event), principalId: undefined }), 500],
  ['F12: a nested context', event => allow(event, { user: { id: 1 } }), 500],
  ['F12: a list in the context', event => allow(event, { roles: ['a'] }), 500],
  ['F12: more than 8 KB', event => allow(event, { much: 'x'.repeat(8192) }), 500],
  ['F10: nothing', () => null, 500],
  [
    'F10, F27: no permission to invoke it',
    () => Promise.reject(new AwsError('AccessDeniedException', 'no', 403)),
    500,
  ],
])('%s is refused', async (_, guard, status) => {
  const { stand } = await guarded(guard)

  expect(await statusOf(stand.connect())).toBe(status)
  expect(stand.invokes).toHaveLength(1)
})

test.each([
  '*',
  'arn:aws:execute-api:*',
  (arn: string) => arn.replace('$connect', '*'),
  (arn: string) => arn,
])('F16: a policy for %s lets in', async resource => {
  const { stand } = await guarded(event =>
    allow(event, {}, typeof resource === 'string' ? resource : resource(event.methodArn)),
  )

  await stand.connect()
})

test('F10 (assumed: 29 s): an authorizer that takes too long is 500', async () => {
  const asked = gate()
  const { stand } = await guarded(() => {
    asked.open()
    return new Promise(() => {})
  })

  const connecting = statusOf(stand.connect())
  await asked.passed
  stand.clock.advance(29_000)

  expect(await connecting).toBe(500)
})

test('D15, F13: what it said is text in every later event', async () => {
  const { stand } = await guarded(event => allow(event, { id: 1, admin: true, name: 'Ana', none: null }))

  const client = await stand.connect()
  client.send({ action: 'chat' })
  await expect.poll(() => stand.invokes.length).toBe(3)
  client.socket.close()
  await expect.poll(() => stand.invokes.length).toBe(4)

  const events = stand.invokes.slice(1).map(({ payload }) => JSON.parse(payload).requestContext)
  expect(events.map(({ eventType }) => eventType)).toEqual(['CONNECT', 'MESSAGE', 'DISCONNECT'])
  for (const { authorizer } of events) {
    expect(authorizer).toEqual({
      id: '1',
      admin: 'true',
      name: 'Ana',
      principalId: 'ana',
      integrationLatency: expect.any(Number),
    })
  }
})

test('a context member named like a refusal’s does not refuse', async () => {
  const { stand } = await guarded(event => allow(event, { status: 500, because: 'x' }))

  await stand.connect()
})

test('A46: taking the authorizer away leaves those who are connected alone', async () => {
  const { stand, apiId, AuthorizerId } = await guarded(event => allow(event, { id: 1 }))
  const client = await stand.connect()

  await stand.remove('Authorizer', AuthorizerId, { ApiId: apiId })
  client.send({ action: 'chat' })
  await expect.poll(() => stand.invokes.length).toBe(3)

  expect(JSON.parse(stand.invokes[2]!.payload).requestContext.authorizer.id).toBe('1')
})

test('F17: with AWS_IAM the caller of a signed handshake is let in by their policies', async () => {
  const arn = 'arn:aws:iam::123456789012:user/ana'
  const asked: unknown[] = []
  const stand = await openStand(undefined, {
    identify: ({ headers }) => {
      if (!headers.authorization)
        throw new AwsError('MissingAuthenticationTokenException', 'Missing Authentication Token', 403)
      return { kind: 'user', arn, accountId: '123456789012', userId: 'AIDA' }
    },
  })
  const { apiId, integrationId } = await stand.api([])
  await stand.create('Route', {
    ApiId: apiId,
    RouteKey: '$connect',
    AuthorizationType: 'AWS_IAM',
    Target: `integrations/${integrationId}`,
  })
  stand.decide = access => {
    asked.push(access)
    return { allowed: true }
  }

  expect(await statusOf(stand.connect())).toBe(403)
  await stand.connect('/prod', { headers: { authorization: 'AWS4-HMAC-SHA256 …'.replace('…', 'x') } })
  expect(asked).toEqual([
    {
      action: 'execute-api:Invoke',
      resource: `arn:aws:execute-api:us-east-1:123456789012:${apiId}/prod/$connect`,
    },
  ])
  expect(JSON.parse(stand.invokes[0]!.payload).requestContext.identity).toMatchObject({
    userArn: arn,
    accountId: '123456789012',
  })

  stand.decide = () => ({ allowed: false, deny: 'implicit', kind: 'identity-based' })
  expect(await statusOf(stand.connect('/prod', { headers: { authorization: 'x' } }))).toBe(403)
})
