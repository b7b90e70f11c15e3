import http from 'node:http'
import {
  DeleteConnectionCommand,
  GetConnectionCommand,
  PostToConnectionCommand,
} from '@aws-sdk/client-apigatewaymanagementapi'
import { expect, test } from 'vitest'
import type { Access } from '../service.ts'
import { openStand, type Stand, statusOf } from './stand.ts'

const DOMAIN = 'ws.example.com'
const CERTIFICATE = 'arn:aws:acm:us-east-1:123456789012:certificate/12345678-1234-1234-1234-123456789012'
const REGIONAL = { CertificateArn: CERTIFICATE, EndpointType: 'REGIONAL' }

const domain = (stand: Stand, DomainName = DOMAIN, configuration: object = REGIONAL) =>
  stand.create('DomainName', { DomainName, DomainNameConfigurations: [configuration] })

const mapping = (stand: Stand, ApiId: string, ApiMappingKey?: string, Stage = 'prod') =>
  stand.create('ApiMapping', { ApiId, DomainName: DOMAIN, Stage, ...(ApiMappingKey && { ApiMappingKey }) })

/** A stand with an API, its stage `prod`, and the domain mapped to it under these keys. */
async function mapped(keys: readonly (string | undefined)[], extra?: Parameters<typeof openStand>[1]) {
  const stand = await openStand(undefined, extra)
  const { apiId } = await stand.api(['$connect', '$disconnect', '$default'])
  await domain(stand)
  const mappings: string[] = []
  for (const key of keys) mappings.push(await mapping(stand, apiId, key))
  const connect = (path: string, host = DOMAIN) => stand.connect(path, { headers: { Host: host } })
  const event = (at: number) => JSON.parse(stand.invokes.at(at)!.payload)
  return { stand, apiId, mappings, connect, event }
}

/** The management client of a path on the domain. */
function management(stand: Stand, base: string, host = DOMAIN) {
  const client = stand.management(base)
  client.middlewareStack.add(
    next => args => {
      Object.assign((args.request as { headers: object }).headers, { host })
      return next(args)
    },
    { step: 'build', priority: 'low' },
  )
  return client
}

const refused = (sending: Promise<unknown>) =>
  sending.then(
    () => 'nothing',
    ({ name, message, $metadata }) => [$metadata.httpStatusCode, name, message],
  )

test.for([
  ['chat', '/chat'],
  ['chat', '/chat/'],
  [undefined, '/'],
  ["a$-_.+!*'()", "/a$-_.+!*'()"],
] as const)('H17: with the mapping key %s a client comes in at %s', async ([key, path]) => {
  const { connect, event } = await mapped([key])
  await connect(path)
  expect(event(-1).requestContext).toMatchObject({ stage: 'prod', eventType: 'CONNECT' })
})

test('D13: the custom domain is the domainName of all events of the connection that came by it', async () => {
  const { stand, apiId, connect, event } = await mapped(['chat'])
  const client = await connect('/chat?x=1')
  expect(event(-1)).toMatchObject({
    headers: { Host: DOMAIN },
    queryStringParameters: { x: '1' },
    requestContext: { domainName: DOMAIN, stage: 'prod', apiId },
  })
  client.send({})
  await expect.poll(() => stand.invokes.length).toBe(2)
  expect(event(-1).requestContext).toMatchObject({ eventType: 'MESSAGE', domainName: DOMAIN })
  client.socket.close()
  await expect.poll(() => stand.invokes.length).toBe(3)
  expect(event(-1)).toMatchObject({ headers: { Host: DOMAIN }, requestContext: { domainName: DOMAIN } })

  await stand.connect('/prod')
  expect(event(-1).requestContext.domainName).toBe(`${apiId}.execute-api.us-east-1.amazonaws.com`)
})

test.for([
  ['without a mapping', [], '/'],
  ['with a key that is not mapped', ['chat'], '/prod'],
  ['without the key', ['chat'], '/'],
  ['A16: with more path than the key', ['chat'], '/chat/prod'],
  ['A16: with any path where the key is empty', [undefined], '/prod'],
] as const)('H17: %s the handshake is refused with 403', async ([, keys, path]) => {
  const { stand, connect } = await mapped(keys)
  expect(await statusOf(connect(path))).toBe(403)
  expect(await stand.sees(event => event.kind === 'handshake')).toMatchObject({ apiId: '', status: 403 })
})

test('H17: of a mapping with a key and one without, the one with the key has the path', async () => {
  const { stand, apiId, connect, event } = await mapped([undefined])
  await stand.create('Stage', { ApiId: apiId, StageName: 'beta', AutoDeploy: true })
  await mapping(stand, apiId, 'next', 'beta')
  await connect('/next')
  expect(event(-1).requestContext.stage).toBe('beta')
  await connect('/')
  expect(event(-1).requestContext.stage).toBe('prod')
})

test('A17: a plain request is told to upgrade where a client could connect, and forbidden elsewhere', async () => {
  const { stand } = await mapped(['chat'])
  const statusAt = (path: string) =>
    new Promise((resolve, reject) => {
      http
        .get({ port: stand.port, host: '127.0.0.1', path, headers: { Host: DOMAIN } }, response =>
          resolve(response.resume().statusCode),
        )
        .on('error', reject)
    })
  expect(await statusAt('/chat')).toBe(426)
  expect(await statusAt('/')).toBe(403)
})

test('E19: a connection is the same on the custom domain, with key and without, and on the default host', async () => {
  const { stand, connect, event } = await mapped(['chat', undefined])
  const client = await connect('/chat')
  const { connectionId: ConnectionId } = event(-1).requestContext
  const post = (Data: string) => new PostToConnectionCommand({ ConnectionId, Data })
  await management(stand, 'chat').send(post('by the key'))
  await management(stand, '').send(post('by the empty key'))
  await stand.management().send(post('by the default host'))
  expect([await client.hears(), await client.hears(), await client.hears()]).toEqual([
    'by the key',
    'by the empty key',
    'by the default host',
  ])
  const { Identity } = await management(stand, 'chat').send(new GetConnectionCommand({ ConnectionId }))
  expect(Identity).toEqual({ SourceIp: '127.0.0.1' })
  await management(stand, '').send(new DeleteConnectionCommand({ ConnectionId }))
  expect(await client.closed).toEqual({ code: 1000, reason: 'Connection Closed Normally' })
})

test('E13, E19: IAM is asked about the stage behind the mapping', async () => {
  const { stand, apiId, connect, event } = await mapped(['chat'])
  await connect('/chat')
  const { connectionId: ConnectionId } = event(-1).requestContext
  const asked: Access[] = []
  stand.decide = access => {
    asked.push(access)
    return { allowed: true }
  }
  await management(stand, 'chat').send(new PostToConnectionCommand({ ConnectionId, Data: 'x' }))
  expect(asked).toEqual([
    {
      action: 'execute-api:ManageConnections',
      resource: `arn:aws:execute-api:us-east-1:123456789012:${apiId}/prod/POST/@connections/${ConnectionId}`,
    },
  ])
})

test('E18, I10: the stage in the path, which the mapping has already, is no route', async () => {
  const { stand, connect, event } = await mapped([undefined, 'chat'])
  await connect('/')
  const { connectionId: ConnectionId } = event(-1).requestContext
  stand.decide = () => expect.fail('IAM was asked')
  const post = new PostToConnectionCommand({ ConnectionId, Data: 'x' })
  const said = (method: string) =>
    `No method found matching route prod/@connections/${ConnectionId} for http method ${method}.`
  for (const base of ['prod', 'chat/prod']) {
    expect(await refused(management(stand, base).send(post))).toEqual([
      404,
      'NotFoundException',
      said('POST'),
    ])
  }
  expect(await refused(management(stand, 'prod').send(new GetConnectionCommand({ ConnectionId })))).toEqual([
    404,
    'NotFoundException',
    said('GET'),
  ])
})

test('E10, H17: @connections on a domain without a mapping for the path, or of nobody, is forbidden', async () => {
  const { stand } = await mapped(['chat'])
  const post = new PostToConnectionCommand({ ConnectionId: 'AAAAAAAAAAAAAAA=', Data: 'x' })
  for (const client of [
    management(stand, ''),
    management(stand, 'prod'),
    management(stand, 'chat', 'other.example.com'),
  ]) {
    expect(await refused(client.send(post))).toEqual([403, 'ForbiddenException', 'Forbidden'])
  }
})

test('A50: once the default endpoint is disabled, only the custom domain is left', async () => {
  const { stand, apiId, connect, event } = await mapped(['chat'])
  const before = await stand.connect('/prod')
  const { connectionId: ConnectionId } = event(-1).requestContext
  await stand.update('Api', apiId, {
    Name: 'chat',
    ProtocolType: 'WEBSOCKET',
    RouteSelectionExpression: '$request.body.action',
    DisableExecuteApiEndpoint: true,
  })
  expect(await statusOf(stand.connect('/prod'))).toBe(403)
  const post = new PostToConnectionCommand({ ConnectionId, Data: 'still here' })
  expect(await refused(stand.management().send(post))).toEqual([403, 'ForbiddenException', 'Forbidden'])
  await connect('/chat')
  await management(stand, 'chat').send(post)
  expect(await before.hears()).toBe('still here')
  expect(stand.gateway.addresses()).toEqual([`wss://${DOMAIN}/chat`])
})

test('F17: a handshake signed for the custom domain is verified for that host, and authorized for the stage', async () => {
  const hosts: string[] = []
  const asked: Access[] = []
  const stand = await openStand(undefined, {
    identify({ host }) {
      hosts.push(host)
      return { kind: 'service', service: 'lambda.amazonaws.com' }
    },
  })
  stand.decide = access => {
    asked.push(access)
    return { allowed: true }
  }
  const { apiId, integrationId } = await stand.api([])
  await stand.create('Route', {
    ApiId: apiId,
    RouteKey: '$connect',
    AuthorizationType: 'AWS_IAM',
    Target: `integrations/${integrationId}`,
  })
  await domain(stand)
  await mapping(stand, apiId, 'chat')
  await stand.connect('/chat', { headers: { Host: DOMAIN } })
  expect(hosts).toEqual([DOMAIN])
  expect(asked[0]).toMatchObject({
    action: 'execute-api:Invoke',
    resource: `arn:aws:execute-api:us-east-1:123456789012:${apiId}/prod/$connect`,
  })
})

test('a domain tells its regional name, by which a DNS record leads to it', async () => {
  const stand = await openStand()
  const type = stand.gateway.resources.find(one => one.type === 'AWS::ApiGatewayV2::DomainName')!
  const properties = { DomainName: DOMAIN, DomainNameConfigurations: [REGIONAL] }
  const inventName = () => ''
  expect(await type.create({ stackName: 's', logicalId: 'd', properties, inventName })).toEqual({
    physicalId: DOMAIN,
    attributes: {
      DomainNameArn: `arn:aws:apigateway:us-east-1::/domainnames/${DOMAIN}`,
      RegionalDomainName: expect.stringMatching(/^d-[a-z0-9]{10}\.execute-api\.us-east-1\.amazonaws\.com$/),
      RegionalHostedZoneId: 'Z1UJRXOUMOOFQ8',
    },
  })
})

test.for([
  [
    DOMAIN,
    { ...REGIONAL, EndpointType: 'EDGE' },
    'EDGE endpoint type is not supported for APIGatewayV2 domainName',
  ],
  [
    DOMAIN,
    { ...REGIONAL, SecurityPolicy: 'TLS_1_0' },
    'TLS_1_0 is not supported for APIGatewayV2 domainName.',
  ],
  [DOMAIN, { EndpointType: 'REGIONAL' }, 'A certificate was not provided for the endpoint type REGIONAL.'],
  ['WS.example.com', REGIONAL, 'Invalid domain name specified: WS.example.com'],
  ['localhost', REGIONAL, 'Invalid domain name specified: localhost'],
] as const)('H17: the domain %s with %j is refused', async ([name, configuration, message]) => {
  const stand = await openStand()
  await expect(domain(stand, name, configuration)).rejects.toMatchObject({
    name: 'BadRequestException',
    message,
  })
})

test('a domain wants one configuration, and a name that nobody has', async () => {
  const { stand } = await mapped([])
  await expect(
    stand.create('DomainName', {
      DomainName: 'other.example.com',
      DomainNameConfigurations: [REGIONAL, REGIONAL],
    }),
  ).rejects.toThrow('Invalid input. Expected one domain name configuration')
  await expect(domain(stand)).rejects.toMatchObject({
    name: 'BadRequestException',
    message: 'The domain name you provided already exists.',
  })
})

test('a certificate that is here must be good for the domain, one that is elsewhere is believed', async () => {
  const own = `${CERTIFICATE}9`
  const stand = await openStand(undefined, {
    certificateNames: arn => (arn === own ? ['example.com', '*.chat.example.com'] : undefined),
  })
  const ofOwn = { ...REGIONAL, CertificateArn: own }
  await domain(stand, 'example.com', ofOwn)
  await domain(stand, 'a.chat.example.com', ofOwn)
  await domain(stand, 'elsewhere.test')
  for (const name of ['ws.example.com', 'chat.example.com', 'a.b.chat.example.com']) {
    await expect(domain(stand, name, ofOwn)).rejects.toThrow(
      'The domain name to be created is not covered by the provided certificate.',
    )
  }
})

test.for([
  ['a/', "API mapping key should not end with a '/'."],
  ['/', "API mapping key should not end with a '/'."],
  ['/a', "API mapping key should not start with a '/' or have consecutive '/'s."],
  ['a//b', "API mapping key should not start with a '/' or have consecutive '/'s."],
  ['a/b', "An API mapping key may contain only letters, numbers and one of $-_.+!*'(), characters."],
  ['a~b', "An API mapping key may contain only letters, numbers and one of $-_.+!*'(), characters."],
  ['a'.repeat(301), 'ApiMapping key length must be under 300 characters.'],
] as const)('H17: the mapping key %s is refused', async ([key, message]) => {
  const { stand, apiId } = await mapped([])
  await expect(mapping(stand, apiId, key)).rejects.toMatchObject({ name: 'BadRequestException', message })
})

test('a mapping wants a key that is free, and an API, a stage and a domain that are there', async () => {
  const { stand, apiId, mappings } = await mapped([undefined, 'chat'])
  const conflict = {
    name: 'ConflictException',
    status: 409,
    message: 'ApiMapping key already exists for this domain name',
  }
  await expect(mapping(stand, apiId, 'chat')).rejects.toMatchObject(conflict)
  await expect(mapping(stand, apiId, '  ')).rejects.toMatchObject(conflict)
  const properties = { ApiId: apiId, DomainName: DOMAIN, Stage: 'prod', ApiMappingKey: 'chat' }
  await expect(stand.update('ApiMapping', mappings[0]!, properties)).rejects.toMatchObject(conflict)
  await stand.update('ApiMapping', mappings[1]!, properties)
  await expect(mapping(stand, 'nobody', 'new')).rejects.toThrow('Invalid API identifier specified: nobody')
  await expect(mapping(stand, apiId, 'new', 'beta')).rejects.toThrow('Invalid stage identifier specified')
  await expect(
    stand.create('ApiMapping', { ...properties, DomainName: 'other.example.com' }),
  ).rejects.toMatchObject({
    name: 'NotFoundException',
    status: 404,
    message: 'Invalid domain name identifier specified',
  })
})

test('a mapping that is changed leads elsewhere, and clients that came by it stay', async () => {
  const { stand, apiId, mappings, connect, event } = await mapped(['chat'])
  const before = await connect('/chat')
  const { connectionId: ConnectionId } = event(-1).requestContext
  await stand.create('Stage', { ApiId: apiId, StageName: 'beta', AutoDeploy: true })
  await stand.update('ApiMapping', mappings[0]!, {
    ApiId: apiId,
    DomainName: DOMAIN,
    Stage: 'beta',
    ApiMappingKey: 'talk',
  })
  expect(await statusOf(connect('/chat'))).toBe(403)
  await connect('/talk')
  expect(event(-1).requestContext.stage).toBe('beta')
  await stand.management().send(new PostToConnectionCommand({ ConnectionId, Data: 'still here' }))
  expect(await before.hears()).toBe('still here')
})

test('what a domain is mapped to cannot be deleted before its mapping', async () => {
  const { stand, apiId, mappings } = await mapped(['chat'])
  await expect(stand.remove('Stage', 'prod', { ApiId: apiId })).rejects.toMatchObject({
    name: 'BadRequestException',
    message: `Deleting stage prod failed. Please remove all base path mappings related to the stage in your domains: ${DOMAIN}`,
  })
  await expect(stand.remove('Api', apiId, {})).rejects.toMatchObject({
    name: 'BadRequestException',
    message: `Deleting API ${apiId} failed. Please remove all API mappings for the API from your custom domain names.`,
  })
  await stand.remove('ApiMapping', mappings[0]!, { DomainName: DOMAIN })
  await stand.remove('Stage', 'prod', { ApiId: apiId })
  await stand.remove('Api', apiId, {})
  expect(stand.gateway.apis()).toEqual([])
})

test('a domain takes its mappings with it', async () => {
  const { stand, apiId, connect } = await mapped(['chat'])
  await stand.remove('DomainName', DOMAIN, { DomainName: DOMAIN })
  expect(stand.gateway.serves(DOMAIN)).toBe(false)
  expect(stand.gateway.addresses()).toEqual([`wss://${apiId}.execute-api.us-east-1.amazonaws.com/prod`])
  expect(await statusOf(connect('/chat'))).toBe(403)
  await stand.remove('Stage', 'prod', { ApiId: apiId })
})

test('who has to know of the domains is told of them', async () => {
  const told: (readonly string[])[] = []
  const stand = await openStand(undefined, { onDomains: names => told.push(names) })
  await domain(stand)
  await domain(stand, 'two.example.com')
  await stand.remove('DomainName', DOMAIN, { DomainName: DOMAIN })
  expect(told).toEqual([[DOMAIN], [DOMAIN, 'two.example.com'], ['two.example.com']])
})

test('what is not run here is refused by name', async () => {
  const stand = await openStand()
  const properties = {
    DomainName: '*.example.com',
    DomainNameConfigurations: [{ ...REGIONAL, Colour: 'red' }],
    RoutingMode: 'ROUTING_RULE_ONLY',
  }
  expect(stand.refusals('DomainName', properties)).toEqual([
    'DomainName *.example.com: wildcard domain names are not run here',
    'DomainNameConfigurations.Colour',
    'RoutingMode ROUTING_RULE_ONLY is not run here: only API_MAPPING_ONLY',
  ])
  const type = stand.gateway.resources.find(one => one.type === 'AWS::ApiGatewayV2::DomainName')!
  // F26: mutual TLS is not for WebSocket APIs.
  expect(type.properties).not.toHaveProperty('MutualTlsAuthentication')
})
