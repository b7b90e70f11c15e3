import {
  GetApiCommand,
  GetApisCommand,
  GetAuthorizerCommand,
  GetAuthorizersCommand,
  GetDeploymentCommand,
  GetDeploymentsCommand,
  GetIntegrationCommand,
  GetIntegrationResponsesCommand,
  GetIntegrationsCommand,
  GetModelsCommand,
  GetRouteCommand,
  GetRouteResponsesCommand,
  GetRoutesCommand,
  GetStageCommand,
  GetStagesCommand,
} from '@aws-sdk/client-apigatewayv2'
import { expect, test } from 'vitest'
import { openStand, uriOf } from '../stand.ts'
import { openControlDoor } from './test-door.ts'

async function deployed() {
  const stand = await openStand(undefined, {
    cloudWatchRoleArn: 'arn:aws:iam::123456789012:role/logs',
    logs: { write() {}, createGroup() {} },
  })
  const made = await stand.api(['chat'], { twoWay: ['chat'] })
  const door = await openControlDoor(stand)
  return { stand, door, client: door.client, ApiId: made.apiId, ...made }
}

/** Without what the SDK adds. */
const plain = <T extends object>({ $metadata: _, ...output }: T & { $metadata: unknown }) => output

test('H5: an API', async () => {
  const { stand, client, ApiId } = await deployed()

  const api = plain(await client.send(new GetApiCommand({ ApiId })))

  expect(api).toEqual({
    ApiEndpoint: `wss://${ApiId}.execute-api.us-east-1.amazonaws.com`,
    ApiId,
    ApiKeySelectionExpression: '$request.header.x-api-key',
    CreatedDate: expect.any(Date),
    DisableExecuteApiEndpoint: false,
    IpAddressType: 'ipv4',
    Name: 'chat',
    ProtocolType: 'WEBSOCKET',
    RouteSelectionExpression: '$request.body.action',
    Tags: {},
  })
  expect((await client.send(new GetApisCommand({}))).Items).toEqual([api])
  await stand.remove('Api', ApiId, { Name: 'chat' })
  expect((await client.send(new GetApisCommand({}))).Items).toEqual([])
})

test('C2: routes and their responses', async () => {
  const { client, ApiId, integrationId } = await deployed()

  const { Items: routes } = await client.send(new GetRoutesCommand({ ApiId }))

  expect(routes).toEqual([
    {
      ApiKeyRequired: false,
      AuthorizationType: 'NONE',
      RouteId: expect.stringMatching(/^\w{7}$/),
      RouteKey: 'chat',
      RouteResponseSelectionExpression: '$default',
      Target: `integrations/${integrationId}`,
    },
  ])
  const { RouteId } = routes![0]!
  expect(plain(await client.send(new GetRouteCommand({ ApiId, RouteId })))).toEqual(routes![0])
  const responses = await client.send(new GetRouteResponsesCommand({ ApiId, RouteId }))
  expect(responses.Items).toEqual([{ RouteResponseId: expect.any(String), RouteResponseKey: '$default' }])
})

test('C11, C15: integrations and their responses', async () => {
  const { stand, client, ApiId, integrationId } = await deployed()
  const IntegrationId = await stand.create('Integration', {
    ApiId,
    IntegrationType: 'MOCK',
    TimeoutInMillis: '500',
    RequestTemplates: { '200': { statusCode: 200 } },
    TemplateSelectionExpression: '200',
  })
  await stand.create('IntegrationResponse', {
    ApiId,
    IntegrationId,
    IntegrationResponseKey: '$default',
    ResponseTemplates: { $default: 'pong' },
  })

  const { Items } = await client.send(new GetIntegrationsCommand({ ApiId }))

  const common = {
    ConnectionType: 'INTERNET',
    PassthroughBehavior: 'WHEN_NO_MATCH',
    PayloadFormatVersion: '1.0',
  }
  expect(Items).toEqual([
    {
      ...common,
      IntegrationId: integrationId,
      IntegrationMethod: 'POST',
      IntegrationResponseSelectionExpression: '${integration.response.body.errorMessage}',
      IntegrationType: 'AWS_PROXY',
      IntegrationUri: uriOf('behind'),
      TimeoutInMillis: 29_000,
    },
    {
      ...common,
      IntegrationId,
      IntegrationResponseSelectionExpression: '${integration.response.statuscode}',
      IntegrationType: 'MOCK',
      RequestTemplates: { '200': '{"statusCode":200}' },
      TemplateSelectionExpression: '200',
      TimeoutInMillis: 500,
    },
  ])
  expect(plain(await client.send(new GetIntegrationCommand({ ApiId, IntegrationId })))).toEqual(Items![1])
  const responses = await client.send(new GetIntegrationResponsesCommand({ ApiId, IntegrationId }))
  expect(responses.Items).toEqual([
    {
      IntegrationResponseId: expect.any(String),
      IntegrationResponseKey: '$default',
      ResponseTemplates: { $default: 'pong' },
    },
  ])
})

test('H19: a stage that deploys by itself follows every change', async () => {
  const { stand, client, ApiId } = await deployed()
  const stageNow = async () => plain(await client.send(new GetStageCommand({ ApiId, StageName: 'prod' })))

  const before = await stageNow()
  expect(before).toEqual({
    AutoDeploy: true,
    CreatedDate: expect.any(Date),
    DefaultRouteSettings: { DataTraceEnabled: false, DetailedMetricsEnabled: false, LoggingLevel: 'OFF' },
    DeploymentId: expect.stringMatching(/^[a-z0-9]{6}$/),
    LastDeploymentStatusMessage: `Successfully deployed stage with deployment ID '${before.DeploymentId}'`,
    LastUpdatedDate: expect.any(Date),
    RouteSettings: {},
    StageName: 'prod',
    StageVariables: {},
    Tags: {},
  })
  stand.clock.advance(60_000)
  await stand.create('Route', { ApiId, RouteKey: 'more' })
  const after = await stageNow()

  expect(after.DeploymentId).not.toBe(before.DeploymentId)
  expect(after.LastUpdatedDate!.getTime()).toBeGreaterThanOrEqual(before.LastUpdatedDate!.getTime() + 60_000)
  expect((await client.send(new GetDeploymentsCommand({ ApiId }))).Items).toEqual([
    {
      AutoDeployed: true,
      CreatedDate: after.LastUpdatedDate,
      DeploymentId: after.DeploymentId,
      DeploymentStatus: 'DEPLOYED',
      Description: 'Automatic deployment triggered by changes to the Api configuration',
    },
  ])
})

test('H1: a stage by hand, with all its settings', async () => {
  const { stand, client, ApiId } = await deployed()
  const DestinationArn = 'arn:aws:logs:us-east-1:123456789012:log-group:x'
  const stage = {
    ApiId,
    StageName: 'manual',
    Description: 'by hand',
    StageVariables: { fn: 'x' },
    Tags: { a: 'b' },
    DefaultRouteSettings: { LoggingLevel: 'INFO', ThrottlingRateLimit: '5' },
    RouteSettings: { chat: { DataTraceEnabled: true, ThrottlingBurstLimit: 2 } },
    AccessLogSettings: { DestinationArn: `${DestinationArn}:*`, Format: '$context.requestId' },
  }
  await stand.create('Stage', stage)
  const DeploymentId = await stand.create('Deployment', { ApiId, Description: 'first' })
  await stand.update('Stage', 'manual', { ...stage, DeploymentId }, stage)

  const { Items } = await client.send(new GetStagesCommand({ ApiId }))

  expect(Items!.find(({ StageName }) => StageName === 'manual')).toEqual({
    AccessLogSettings: { DestinationArn, Format: '$context.requestId' },
    CreatedDate: expect.any(Date),
    DefaultRouteSettings: {
      DataTraceEnabled: false,
      DetailedMetricsEnabled: false,
      LoggingLevel: 'INFO',
      ThrottlingRateLimit: 5,
    },
    DeploymentId,
    Description: 'by hand',
    LastUpdatedDate: expect.any(Date),
    RouteSettings: {
      chat: {
        DataTraceEnabled: true,
        DetailedMetricsEnabled: false,
        LoggingLevel: 'OFF',
        ThrottlingBurstLimit: 2,
      },
    },
    StageName: 'manual',
    StageVariables: { fn: 'x' },
    Tags: { a: 'b' },
  })
  expect(plain(await client.send(new GetDeploymentCommand({ ApiId, DeploymentId })))).toMatchObject({
    AutoDeployed: false,
    DeploymentStatus: 'DEPLOYED',
    Description: 'first',
  })
})

test('F1, B16: authorizers and models', async () => {
  const { stand, client, ApiId } = await deployed()
  const AuthorizerId = await stand.create('Authorizer', {
    ApiId,
    Name: 'gate',
    AuthorizerType: 'REQUEST',
    AuthorizerUri: uriOf('gate'),
    IdentitySource: ['route.request.querystring.token'],
  })
  await stand.create('Model', { ApiId, Name: 'Say', Schema: { required: ['text'] } })

  const { Items } = await client.send(new GetAuthorizersCommand({ ApiId }))

  expect(Items).toEqual([
    {
      AuthorizerId,
      AuthorizerType: 'REQUEST',
      AuthorizerUri: uriOf('gate'),
      IdentitySource: ['route.request.querystring.token'],
      Name: 'gate',
    },
  ])
  expect(plain(await client.send(new GetAuthorizerCommand({ ApiId, AuthorizerId })))).toEqual(Items![0])
  expect((await client.send(new GetModelsCommand({ ApiId }))).Items).toEqual([
    {
      ContentType: 'application/json',
      ModelId: expect.any(String),
      Name: 'Say',
      Schema: '{"required":["text"]}',
    },
  ])
})

test('what people can see is brought up to date, be it without effect', async () => {
  const { stand, client, ApiId } = await deployed()
  const api = { Name: 'chat', ProtocolType: 'WEBSOCKET', RouteSelectionExpression: '$request.body.action' }
  const { CreatedDate } = await client.send(new GetApiCommand({ ApiId }))

  await stand.update('Api', ApiId, { ...api, Description: 'of our team' })

  expect(await client.send(new GetApiCommand({ ApiId }))).toMatchObject({
    CreatedDate,
    Description: 'of our team',
  })
  // CloudFormation passes over changes of harmless properties.
  const seen = stand.gateway.resources.filter(({ type }) => !type.endsWith('::DomainName'))
  const shown = seen.flatMap(({ type, properties }) =>
    ['Description', 'Tags', 'Version', 'OperationName', 'ContentType', 'CustomerId', 'UsagePlanName']
      .filter(name => properties[name] === 'harmless')
      .map(name => `${type} ${name}`),
  )
  expect(shown).toEqual([])
})

test('a list comes in pages to who asks for them', async () => {
  const { stand, client, ApiId } = await deployed()
  for (const RouteKey of ['a', 'b', 'c']) await stand.create('Route', { ApiId, RouteKey })

  const keys: (string | undefined)[] = []
  let NextToken: string | undefined
  do {
    const page = await client.send(new GetRoutesCommand({ ApiId, MaxResults: '3', NextToken }))
    keys.push(...page.Items!.map(({ RouteKey }) => RouteKey))
    NextToken = page.NextToken
  } while (NextToken)

  expect(keys).toEqual(['chat', 'a', 'b', 'c'])
  await expect(client.send(new GetRoutesCommand({ ApiId, MaxResults: 'x' }))).rejects.toThrow(
    'Invalid page size x',
  )
})

test('what is not there', async () => {
  const { client, ApiId } = await deployed()

  await expect(client.send(new GetApiCommand({ ApiId: 'none' }))).rejects.toMatchObject({
    name: 'NotFoundException',
    message: 'Invalid API identifier specified 123456789012:none',
    $metadata: { httpStatusCode: 404 },
  })
  await expect(client.send(new GetRouteCommand({ ApiId, RouteId: 'none' }))).rejects.toMatchObject({
    name: 'NotFoundException',
    message: 'Invalid Route identifier specified none',
  })
  await expect(client.send(new GetRouteResponsesCommand({ ApiId, RouteId: 'none' }))).rejects.toMatchObject({
    name: 'NotFoundException',
  })
})

test('J10: leave is asked for by method and path, without the version', async () => {
  const { stand, door, ApiId } = await deployed()

  await door.client.send(new GetRoutesCommand({ ApiId }))
  expect(door.asked).toEqual([
    { action: 'apigateway:GET', resource: `arn:aws:apigateway:us-east-1::/apis/${ApiId}/routes` },
  ])
  stand.decide = () => ({ allowed: false, deny: 'implicit', kind: 'identity-based' })
  await expect(door.client.send(new GetApisCommand({}))).rejects.toMatchObject({
    name: 'AccessDeniedException',
    message:
      'User: arn:aws:iam::123456789012:user/learner is not authorized to perform: apigateway:GET on resource: arn:aws:apigateway:us-east-1::/apis because no identity-based policy allows the apigateway:GET action',
    $metadata: { httpStatusCode: 403 },
  })
})
