import { expect, test } from 'vitest'
import { openStand, uriOf } from '../stand.ts'

const API = { Name: 'chat', ProtocolType: 'WEBSOCKET', RouteSelectionExpression: '$request.body.action' }

async function api() {
  const stand = await openStand(event => ({ statusCode: 200, body: event.requestContext?.routeKey }))
  const made = await stand.api(['$connect', 'chat'], { twoWay: ['chat'] })
  return { stand, ApiId: made.apiId, ...made, Target: `integrations/${made.integrationId}` }
}

test('an API’s id and endpoint have AWS’s form', async () => {
  const stand = await openStand()
  const { create } = stand.gateway.resources.find(({ type }) => type === 'AWS::ApiGatewayV2::Api')!

  const { physicalId, attributes } = await create({
    stackName: 's',
    logicalId: 'l',
    properties: API,
    inventName: () => 'x',
  })

  expect(physicalId).toMatch(/^[a-z0-9]{10}$/)
  expect(attributes).toEqual({
    ApiId: physicalId,
    ApiEndpoint: `wss://${physicalId}.execute-api.us-east-1.amazonaws.com`,
  })
})

test.each([
  ['Api', { ProtocolType: 'HTTP' }, 'ProtocolType HTTP'],
  ['Route', { AuthorizationType: 'AWS_IAM' }, 'AuthorizationType AWS_IAM'],
  [
    'Integration',
    { IntegrationType: 'AWS', IntegrationUri: 'arn:aws:apigateway:us-east-1:states:action/StartExecution' },
    'IntegrationUri with states',
  ],
  [
    'Integration',
    {
      IntegrationType: 'AWS',
      IntegrationUri: { 'Fn::Join': ['', ['arn:aws:apigateway:', { Ref: 'AWS::Region' }, ':s3:path/b/k']] },
    },
    'IntegrationUri with s3',
  ],
  [
    'Integration',
    {
      IntegrationType: 'AWS',
      IntegrationUri: { 'Fn::Join': ['', ['arn:aws:apigateway:', { Ref: 'AWS::Region' }, ':sqs:path/1/q']] },
    },
    'IntegrationUri with a service other than lambda',
  ],
  [
    'Integration',
    { IntegrationType: 'AWS', CredentialsArn: 'arn:aws:iam::*:user/*' },
    'CredentialsArn arn:aws:iam::*:user/*',
  ],
  [
    'Integration',
    { RequestParameters: { 'integration.request.header.X-Amz-Invocation-Type': "'DryRun'" } },
    "X-Amz-Invocation-Type 'DryRun'",
  ],
  [
    'IntegrationResponse',
    { ContentHandlingStrategy: 'CONVERT_TO_BINARY' },
    'ContentHandlingStrategy CONVERT_TO_BINARY',
  ],
  ['Integration', { ConnectionType: 'VPC_LINK' }, 'ConnectionType VPC_LINK'],
  ['Stage', { AccessLogSettings: { DestinationArn: 'x' } }, 'AccessLogSettings'],
  ['Stage', { DefaultRouteSettings: { LoggingLevel: 'INFO' } }, 'LoggingLevel needs CloudWatch Logs'],
  ['Authorizer', { AuthorizerType: 'JWT' }, 'AuthorizerType JWT'],
])('what cannot be run is refused by name: %s %j', async (type, properties, name) => {
  const stand = await openStand()

  expect(stand.refusals(type, properties)).toEqual([expect.stringContaining(name)])
})

test('what the template does not say yet is not refused', async () => {
  const stand = await openStand()

  expect(stand.refusals('Integration', { IntegrationType: { Ref: 'Type' } })).toEqual([])
  expect(stand.refusals('Stage', { DefaultRouteSettings: { ThrottlingRateLimit: { Ref: 'Rate' } } })).toEqual(
    [],
  )
})

test('H16: a second route with the same key is a conflict', async () => {
  const { stand, ApiId } = await api()

  await expect(stand.create('Route', { ApiId, RouteKey: '$connect' })).rejects.toMatchObject({
    code: 'ConflictException',
    status: 409,
    message: 'Route with key $connect already exists for this API',
  })
})

test('F4: authorization is for $connect only', async () => {
  const { stand, ApiId } = await api()

  await expect(stand.create('Route', { ApiId, RouteKey: 'x', AuthorizationType: 'CUSTOM' })).rejects.toThrow(
    'Currently, authorization is restricted to the $connect route only',
  )
})

test('F2: JWT is not for WebSocket APIs', async () => {
  const { stand, ApiId } = await api()

  await expect(stand.create('Route', { ApiId, RouteKey: 'x', AuthorizationType: 'JWT' })).rejects.toThrow(
    'Invalid AuthorizationType JWT',
  )
})

test('H2: an API without a route cannot be deployed', async () => {
  const stand = await openStand()
  const ApiId = await stand.create('Api', API)

  await expect(stand.create('Deployment', { ApiId })).rejects.toThrow(
    'At least one route is required before deploying the Api.',
  )
})

test('H1, H2: a deployment is what the API was; moving the stage to another changes what it serves', async () => {
  const { stand, ApiId, Target } = await api()
  await stand.create('Stage', { ApiId, StageName: 'manual' })
  const first = await stand.create('Deployment', { ApiId })
  await stand.create('Route', { ApiId, RouteKey: 'late', Target })
  const second = await stand.create('Deployment', { ApiId })
  const stage = { ApiId, StageName: 'manual' }

  await stand.update('Stage', 'manual', { ...stage, DeploymentId: first }, stage)
  const client = await stand.connect('/manual')
  client.send({ action: 'late' })
  expect(await client.hears()).toContain('Forbidden')

  await stand.update('Stage', 'manual', { ...stage, DeploymentId: second }, stage)
  client.send({ action: 'late' })
  await expect.poll(() => stand.invokes.some(({ payload }) => payload.includes('late'))).toBe(true)
})

test('a deployment in use cannot be deleted', async () => {
  const { stand, ApiId } = await api()
  await stand.create('Stage', { ApiId, StageName: 'manual' })
  const deployment = await stand.create('Deployment', { ApiId })
  await stand.update('Stage', 'manual', { ApiId, StageName: 'manual', DeploymentId: deployment })

  await expect(stand.remove('Deployment', deployment, { ApiId })).rejects.toThrow(
    'Active stages pointing to this deployment must be moved or deleted',
  )
})

test('H4: with AutoDeploy the deployment cannot be chosen', async () => {
  const { stand, ApiId } = await api()
  const DeploymentId = await stand.create('Deployment', { ApiId })
  const before = { ApiId, StageName: 'prod', AutoDeploy: true }

  await expect(stand.update('Stage', 'prod', { ...before, DeploymentId }, before)).rejects.toMatchObject({
    code: 'BadRequestException',
  })
})

test('a stage that stops deploying by itself keeps what it served', async () => {
  const { stand, ApiId, Target } = await api()
  await stand.update('Stage', 'prod', { ApiId, StageName: 'prod', AutoDeploy: false })

  await stand.create('Route', { ApiId, RouteKey: 'late', Target })
  const client = await stand.connect()
  client.send({ action: 'late' })
  expect(await client.hears()).toContain('Forbidden')
  client.send({ action: 'chat' })

  expect(await client.hears()).toBe('chat')
})

test.each(['', 'a b', '$default', 'x'.repeat(129), 'a/b'])('H18: %j is no stage name', async StageName => {
  const { stand, ApiId } = await api()

  await expect(stand.create('Stage', { ApiId, StageName })).rejects.toMatchObject({
    code: 'BadRequestException',
  })
})

test.each([
  ['B17: a key that begins with $', 'Route', { RouteKey: '$other' }, 'Invalid route key $other'],
  ['a target that is none', 'Route', { RouteKey: 'x', Target: 'functions/x' }, 'Invalid route target'],
  [
    'an integration that is not there',
    'Route',
    { RouteKey: 'x', Target: 'integrations/none' },
    'Invalid Integration identifier specified none',
  ],
  [
    'a model that is not there',
    'Route',
    { RouteKey: 'x', RequestModels: { $default: 'none' } },
    'Invalid model identifier specified: none',
  ],
  [
    'C2: another route response selection',
    'Route',
    { RouteKey: 'x', RouteResponseSelectionExpression: '$request.body.x' },
    'must be $default',
  ],
  [
    'C15: a timeout below 50 ms',
    'Integration',
    { IntegrationType: 'MOCK', TimeoutInMillis: 49 },
    'Timeout should be between 50 ms and 29000 ms',
  ],
  [
    'C15: a timeout above 29 s',
    'Integration',
    { IntegrationType: 'MOCK', TimeoutInMillis: 29_001 },
    'Timeout should be between 50 ms and 29000 ms',
  ],
  [
    'C16: a URI that is no function’s',
    'Integration',
    { IntegrationType: 'AWS_PROXY', IntegrationUri: 'https://example.com' },
    'Invalid ARN specified in the request',
  ],
  ['a type that is none', 'Integration', { IntegrationType: 'HTTPS' }, 'Invalid integration type HTTPS'],
  [
    'a backend without a method',
    'Integration',
    { IntegrationType: 'HTTP_PROXY', IntegrationUri: 'https://example.com' },
    'Enumeration value for HttpMethod must be non-empty',
  ],
  [
    'a method that is none',
    'Integration',
    { IntegrationType: 'HTTP_PROXY', IntegrationUri: 'https://example.com', IntegrationMethod: 'post' },
    'Invalid HTTP method post',
  ],
  [
    'a backend whose address is none',
    'Integration',
    { IntegrationType: 'HTTP', IntegrationUri: 'example.com', IntegrationMethod: 'POST' },
    'Invalid HTTP endpoint specified for URI',
  ],
  [
    'a proxy of a service that cannot be proxied',
    'Integration',
    { IntegrationType: 'AWS_PROXY', IntegrationUri: 'arn:aws:apigateway:us-east-1:sqs:path/1/q' },
    "Integrations of type 'AWS_PROXY' currently only supports Lambda function and Firehose stream invocations.",
  ],
  [
    'C17: a service without a role',
    'Integration',
    {
      IntegrationType: 'AWS',
      IntegrationUri: 'arn:aws:apigateway:us-east-1:sqs:path/1/q',
      IntegrationMethod: 'POST',
    },
    'Role ARN must be specified for AWS integrations',
  ],
  [
    'C20: a mapping to nowhere',
    'Integration',
    { IntegrationType: 'MOCK', RequestParameters: { 'integration.request.body.x': "'1'" } },
    'Invalid mapping expression specified: integration.request.body.x',
  ],
  [
    'C20: a mapping from nowhere',
    'Integration',
    { IntegrationType: 'MOCK', RequestParameters: { 'integration.request.header.x': 'unquoted' } },
    'Invalid mapping expression specified: unquoted',
  ],
  [
    'C20: a parameter of a route that has none',
    'Route',
    { RouteKey: 'x', RequestParameters: { 'route.request.querystring.a': { Required: false } } },
    'request parameters are restricted to the $connect route only',
  ],
  [
    'C20: a route’s parameter that is none',
    'Route',
    { RouteKey: 'x', RequestParameters: { 'route.request.cookie.a': { Required: false } } },
    'Invalid request parameter route.request.cookie.a',
  ],
  [
    'a template that does not parse',
    'Integration',
    { IntegrationType: 'MOCK', RequestTemplates: { a: '#if(' } },
    'Invalid mapping template',
  ],
  [
    'F3: an authorizer of another type',
    'Authorizer',
    { Name: 'a', AuthorizerType: 'TOKEN', AuthorizerUri: uriOf('f') },
    'Only REQUEST authorizers',
  ],
  [
    'F11: simple responses',
    'Authorizer',
    { Name: 'a', AuthorizerType: 'REQUEST', AuthorizerUri: uriOf('f'), EnableSimpleResponses: true },
    'only supported for HTTP APIs',
  ],
  ['a broken schema', 'Model', { Name: 'm', Schema: { type: 'nonsense' } }, 'Invalid model schema'],
  ['a name that is taken', 'Stage', { StageName: 'prod' }, 'Stage already exists'],
])('%s is refused', async (_, type, properties, message) => {
  const { stand, ApiId } = await api()

  await expect(stand.create(type, { ApiId, ...properties })).rejects.toThrow(message)
})

test.each([
  ['an API that is not there', { ApiId: 'none' }, 'Invalid API identifier specified 123456789012:none'],
])('%s is not found', async (_, properties, message) => {
  const stand = await openStand()

  for (const type of ['Route', 'Integration', 'Stage', 'Deployment', 'Model', 'Authorizer']) {
    await expect(stand.create(type, properties)).rejects.toMatchObject({
      code: 'NotFoundException',
      status: 404,
      message,
    })
  }
})

test('G2: an API has at most 300 routes and 10 stages', async () => {
  const stand = await openStand()
  const ApiId = await stand.create('Api', API)

  for (let n = 0; n < 300; n++) await stand.create('Route', { ApiId, RouteKey: `r${n}` })
  for (let n = 0; n < 10; n++) await stand.create('Stage', { ApiId, StageName: `s${n}` })

  await expect(stand.create('Route', { ApiId, RouteKey: 'more' })).rejects.toThrow('Maximum number of Routes')
  await expect(stand.create('Stage', { ApiId, StageName: 'more' })).rejects.toThrow(
    'Maximum number of Stages',
  )
})

test('an integration that is a route’s target cannot be deleted, and without routes it can', async () => {
  const { stand, ApiId, integrationId } = await api()

  await expect(stand.remove('Integration', integrationId, { ApiId })).rejects.toMatchObject({
    code: 'ConflictException',
  })

  const RouteId = await stand.create('Route', { ApiId, RouteKey: 'x' })
  const other = await stand.create('Integration', { ApiId, IntegrationType: 'MOCK' })
  await stand.update('Route', RouteId, { ApiId, RouteKey: 'x', Target: `integrations/${other}` })
  await stand.remove('Route', RouteId, { ApiId })
  await stand.remove('Integration', other, { ApiId })
})

test('a changed selection expression is followed', async () => {
  const { stand, ApiId } = await api()
  await stand.update('Api', ApiId, { ...API, RouteSelectionExpression: '${request.body.type}' })
  const client = await stand.connect()

  client.send({ type: 'chat' })

  expect(await client.hears()).toBe('chat')
})

test('a deleted API is gone, with its clients', async () => {
  const { stand, ApiId } = await api()
  const client = await stand.connect()

  await stand.remove('Api', ApiId, API)

  expect((await client.closed).code).toBe(1001)
  expect(stand.gateway.apis()).toEqual([])
})
