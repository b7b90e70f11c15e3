import { expect, test } from 'vitest'
import { defaultAccount } from '../../account.ts'
import { stillClock } from '../../clock.ts'
import { AwsError } from '../../error.ts'
import { eventStream } from '../../events.ts'
import { startLogs } from '../../logs/logs.ts'
import { type Behind, openStand, statusOf, uriOf } from '../stand.ts'
import { cut } from './execution-log.ts'

const ROLE = 'arn:aws:iam::123456789012:role/logs'

/** A stand with real log groups, and what stands in the execution log without the request ids. */
async function logging(settings: Record<string, unknown>, behind?: Behind) {
  const clock = stillClock()
  const { groups, ...logs } = startLogs({
    account: defaultAccount,
    clock,
    events: eventStream(clock.now),
  })
  clock.stop()
  const stand = await openStand(behind, { logs, cloudWatchRoleArn: ROLE })
  const { apiId, integrationId } = await stand.api(['chat', '$disconnect'], {
    stage: { DefaultRouteSettings: settings },
  })
  const Target = `integrations/${integrationId}`
  const connectId = await stand.create('Route', { ApiId: apiId, RouteKey: '$connect', Target })
  const group = `/aws/apigateway/${apiId}/prod`
  const raw = () => (groups.get(group)?.events ?? []).map(({ message }) => message)
  const lines = () => raw().map(line => line.replace(/^\([\w=-]+\) /, '').replace(/[\w-]{15}=/g, 'ID'))
  /** Waits for a line. */
  const line = (part: string) => expect.poll(lines).toContainEqual(expect.stringContaining(part))
  return { stand, apiId, connectId, Target, groups, group, raw, lines, line }
}

const LAMBDA =
  'https://lambda.us-east-1.amazonaws.com/2015-03-31/functions/arn:aws:lambda:us-east-1:123456789012:function:behind/invocations'

test('H14: a handshake at INFO, step by step, in a group that API Gateway makes itself', async () => {
  const { stand, apiId, lines, raw, groups, group } = await logging({ LoggingLevel: 'INFO' })
  expect([...groups.keys()]).toEqual([])

  await stand.connect()

  expect([...groups.keys()]).toEqual([group])
  expect([...groups.get(group)!.streams.keys()]).toEqual([expect.stringMatching(/^[0-9a-f]{32}$/)])
  expect(raw()[0]).toMatch(/^\(([\w-]{15}=)\) Extended Request Id: \1$/)
  expect(lines().filter(line => !line.startsWith('AWS Integration Endpoint'))).toEqual([
    'Extended Request Id: ID',
    `Verifying Usage Plan for request: ID. API Key:  API Stage: ${apiId}/prod`,
    "API Key  authorized because route '$connect' does not require API Key. Request will not contribute to throttle or quota limits",
    `Usage Plan check succeeded for API Key  and API Stage ${apiId}/prod`,
    'Starting execution for request: ID',
    'WebSocket Request Route: [$connect]',
    `Client [UserAgent: null, SourceIp: 127.0.0.1] is connecting to WebSocket API [${apiId}].`,
    `Endpoint request URI: ${LAMBDA}`,
    `Sending request to ${LAMBDA}`,
    expect.stringMatching(/^Received response\. Status: 200, Integration latency: \d+ ms$/),
    `Client [Connection Id: ID] connected to API [${apiId}] successfully.`,
    'Successfully completed execution',
  ])
})

test('H13: data tracing adds headers and bodies, whatever the level', async () => {
  const { stand, lines, line } = await logging({ LoggingLevel: 'ERROR', DataTraceEnabled: true }, () => ({
    statusCode: 200,
    body: 'pong',
  }))
  const client = await stand.connect()

  client.send({ action: 'chat', text: 'hi' })
  await line('Message from client')

  expect(lines()).toEqual(
    expect.arrayContaining([
      'Message: [{"action":"chat","text":"hi"}]',
      expect.stringMatching(/^Endpoint request headers: \{.*User-Agent=AmazonAPIGateway_.*\}$/),
      expect.stringMatching(/^Endpoint request body after transformations: \{"requestContext":/),
      expect.stringMatching(/^Endpoint response headers: \{/),
      'Endpoint response body before transformations: {"statusCode":200,"body":"pong"}',
    ]),
  )
  expect(lines().join()).not.toMatch(/Authorization=[^*]/)
})

test('H13: at ERROR a request that goes well leaves nothing', async () => {
  const { stand, groups, line, lines } = await logging({ LoggingLevel: 'ERROR' }, event => {
    if (event.requestContext.eventType === 'MESSAGE') throw new Error('boom')
    return { statusCode: 200 }
  })

  const client = await stand.connect()
  expect([...groups.keys()]).toEqual([])
  client.send({ action: 'chat' })
  await line('boom')

  expect(lines()).toEqual([
    'Extended Request Id: ID',
    expect.stringMatching(
      /^Lambda execution failed with status 200 due to customer function error: boom\. Lambda request id: r$/,
    ),
  ])
})

test('A12: a function that API Gateway may not invoke', async () => {
  const { stand, lines } = await logging({ LoggingLevel: 'ERROR' }, () => {
    throw new AwsError('AccessDeniedException', 'no', 403)
  })

  expect(await statusOf(stand.connect())).toBe(500)

  expect(lines()).toContain(
    'Execution failed due to configuration error: Invalid permissions on Lambda function',
  )
})

test('B7: a message without a route', async () => {
  const { stand, line } = await logging({ LoggingLevel: 'ERROR' })
  const client = await stand.connect()

  client.send({ action: 'nowhere' })

  await line('no route matches the message')
})

test('B15: a message that does not fit its model', async () => {
  const { stand, apiId, Target, line } = await logging({ LoggingLevel: 'ERROR' })
  await stand.create('Model', { ApiId: apiId, Name: 'Say', Schema: { required: ['text'] } })
  await stand.create('Route', { ApiId: apiId, RouteKey: 'say', Target, RequestModels: { $default: 'Say' } })
  const client = await stand.connect()

  client.send({ action: 'say' })

  await line('[object has missing required properties (["text"])]')
})

test('A40: a farewell', async () => {
  const { stand, apiId, line } = await logging({ LoggingLevel: 'INFO' })
  const client = await stand.connect()

  client.socket.close()

  await line(
    `Client [Connection Id: ID] disconnected from API [${apiId}] with integration response status code [200]. Close reason: [1005: Client-side close frame status not set]`,
  )
})

test('F1, F6, F9: what an authorizer did', async () => {
  const { stand, apiId, connectId, lines, Target } = await logging({ DataTraceEnabled: true }, event =>
    event.type === 'REQUEST'
      ? {
          principalId: 'somebody',
          policyDocument: {
            Version: '2012-10-17',
            Statement: [
              {
                Action: 'execute-api:Invoke',
                Effect: event.queryStringParameters.token === 'good-token' ? 'Allow' : 'Deny',
                Resource: event.methodArn,
              },
            ],
          },
        }
      : { statusCode: 200 },
  )
  const AuthorizerId = await stand.create('Authorizer', {
    ApiId: apiId,
    Name: 'gate',
    AuthorizerType: 'REQUEST',
    AuthorizerUri: uriOf('gate'),
    IdentitySource: ['route.request.querystring.token'],
  })
  await stand.update('Route', connectId, {
    ApiId: apiId,
    RouteKey: '$connect',
    Target,
    AuthorizationType: 'CUSTOM',
    AuthorizerId,
  })

  await stand.connect('/prod?token=good-token')
  expect(lines()).toEqual(
    expect.arrayContaining([
      `Starting authorizer: ${AuthorizerId} for request: ID`,
      'Incoming identity: {route.request.querystring.token=*****token}',
      expect.stringMatching(/^Authorizer result body before parsing: \{"principalId":"somebody"/),
      'Using valid authorizer policy for principal: ****body',
      'Successfully completed authorizer execution',
    ]),
  )
  expect(await statusOf(stand.connect('/prod?token=bad'))).toBe(403)
  expect(lines().at(-1)).toBe('The client is not authorized to perform this operation.')
  expect(await statusOf(stand.connect())).toBe(401)
  expect(lines().at(-1)).toBe('Unauthorized request: ID')
})

test('a route has a level of its own', async () => {
  const { stand, apiId, lines, line } = await logging({ LoggingLevel: 'OFF' })
  await stand.update('Stage', 'prod', {
    ApiId: apiId,
    StageName: 'prod',
    AutoDeploy: true,
    RouteSettings: { chat: { LoggingLevel: 'INFO' } },
  })
  const client = await stand.connect()
  expect(lines()).toEqual([])

  client.send({ action: 'chat' })

  await line('WebSocket Request Route: [chat]')
})

test('settings for a route that is not there are refused', async () => {
  const stand = await openStand()
  const { apiId } = await stand.api([])

  await expect(
    stand.create('Stage', { ApiId: apiId, StageName: 'other', RouteSettings: { chat: {} } }),
  ).rejects.toMatchObject({
    code: 'NotFoundException',
    message: 'Unable to find Route by key chat within the provided RouteSettings',
  })
})

test('H12: execution logs need the account’s role', async () => {
  const stand = await openStand(undefined, { logs: { write() {}, createGroup() {} } })
  const { apiId } = await stand.api([])

  await expect(
    stand.create('Stage', {
      ApiId: apiId,
      StageName: 'logged',
      DefaultRouteSettings: { LoggingLevel: 'ERROR' },
    }),
  ).rejects.toThrow('CloudWatch Logs role ARN must be set in account settings to enable logging')
})

test.each(['x'.repeat(2000), 'é'.repeat(1000), '😀'.repeat(300)])(
  'G7: an entry is cut at 1,024 bytes',
  text => {
    const entry = cut(text)

    expect(Buffer.byteLength(entry)).toBeLessThanOrEqual(1024)
    expect(Buffer.byteLength(entry)).toBeGreaterThan(1020)
    expect(entry).toMatch(/ \[TRUNCATED\]$/)
    expect(entry).not.toContain('�')
    expect(cut('short')).toBe('short')
  },
)
