import { expect, test } from 'vitest'
import { AwsError } from '../../error.ts'
import type { Principal, RoleSession } from '../../iam/principal.ts'
import type { WireAnswer, WireRequest } from '../../service.ts'
import { statusOf } from '../stand.ts'
import { ask, errorIn, heardMeanwhile, type IntegratedOptions, integrated } from './integration.fixture.ts'

const ROLE = 'arn:aws:iam::123456789012:role/integration/Sender'

/** One call that API Gateway made of another service. */
interface Call {
  readonly principal: Principal
  readonly signingName: string
  readonly wire: WireRequest
}

const ok = (body: string): WireAnswer => ({
  status: 200,
  headers: { 'Content-Type': 'application/json', 'x-amzn-RequestId': 'r-1' },
  body,
})

/** A stand whose integration calls a service that answers so, and the calls it made. */
async function calling(integration: object, answer: WireAnswer, options: IntegratedOptions = {}) {
  const calls: Call[] = []
  const made = await integrated(
    { IntegrationType: 'AWS', IntegrationMethod: 'POST', CredentialsArn: ROLE, ...integration },
    {
      ...options,
      extra: {
        callAs: async (principal, signingName, wire) => {
          calls.push({ principal, signingName, wire })
          return answer
        },
        ...options.extra,
      },
    },
  )
  return { ...made, calls }
}

const SQS = {
  IntegrationUri: 'arn:aws:apigateway:us-east-1:sqs:path/123456789012/chat',
  PassthroughBehavior: 'NEVER',
  RequestParameters: { 'integration.request.header.Content-Type': "'application/x-www-form-urlencoded'" },
  TemplateSelectionExpression: '\\$default',
  RequestTemplates: { $default: "Action=SendMessage&MessageBody=$util.urlEncode($input.json('$'))" },
}

test('C17: a message goes straight into a queue, byte for byte', async () => {
  const { stand, apiId, calls } = await calling(SQS, ok('{}'), { twoWay: false })
  const client = await stand.connect()

  client.send({ action: 'act', text: "a b&c=é'" })
  await expect.poll(() => calls.length).toBe(1)

  expect(await heardMeanwhile(client)).toEqual([])
  const body =
    'Action=SendMessage&MessageBody=%7B%22action%22%3A%22act%22%2C%22text%22%3A%22a+b%26c%3D%C3%A9%27%22%7D'
  expect(calls).toEqual([
    {
      signingName: 'sqs',
      principal: expect.objectContaining({
        kind: 'role-session',
        roleArn: ROLE,
        arn: 'arn:aws:sts::123456789012:assumed-role/Sender/BackplaneAssumeRoleSession',
      }),
      wire: {
        method: 'POST',
        target: '/123456789012/chat',
        host: 'sqs.us-east-1.amazonaws.com',
        sourceIp: 'apigateway.amazonaws.com',
        headers: {
          'x-amzn-apigateway-api-id': apiId,
          accept: 'application/json',
          'user-agent': `AmazonAPIGateway_${apiId}`,
          host: 'sqs.us-east-1.amazonaws.com',
          'x-amzn-trace-id': expect.stringMatching(/^Root=1-/),
          'content-type': 'application/x-www-form-urlencoded',
          'content-length': String(body.length),
        },
        body: Buffer.from(body),
      },
    },
  ])
})

test('C18: DynamoDB is told the action in a header', async () => {
  const { stand, calls } = await calling(
    {
      IntegrationUri: 'arn:aws:apigateway:us-east-1:dynamodb:action/PutItem',
      RequestTemplates: {
        $default:
          '{"TableName":"chat","Item":{"id":{"S":"$context.connectionId"},"text":{"S":$input.json("$.text")}}}',
      },
    },
    ok('{}'),
    { responses: [{ IntegrationResponseKey: '/200/', ResponseTemplates: { $default: 'kept' } }] },
  )

  expect(await ask(await stand.connect(), { action: 'act', text: 'hi' })).toBe('kept')

  const { signingName, wire } = calls[0]!
  expect(signingName).toBe('dynamodb')
  expect(wire.target).toBe('/?Action=PutItem')
  expect(wire.host).toBe('dynamodb.us-east-1.amazonaws.com')
  expect(wire.headers).toMatchObject({
    'x-amz-target': 'DynamoDB_20120810.PutItem',
    'content-type': 'application/json',
  })
  expect(wire.body.toString()).toMatch(
    /^\{"TableName":"chat","Item":\{"id":\{"S":"[\w-]{15}="\},"text":\{"S":"hi"\}\}\}$/,
  )
})

test('C18: SNS’s parameters stand in the query string, behind the action', async () => {
  const { stand, calls } = await calling(
    {
      IntegrationUri: 'arn:aws:apigateway:us-east-1:sns:action/Publish',
      RequestParameters: {
        'integration.request.querystring.TopicArn': 'stageVariables.topic',
        'integration.request.querystring.Message': 'route.request.body.text',
      },
      RequestTemplates: { $default: '' },
    },
    ok('{"PublishResponse":{"PublishResult":{"MessageId":"m-1"}}}'),
    {
      stageVariables: { topic: 'arn:aws:sns:us-east-1:123456789012:news' },
      responses: [
        {
          IntegrationResponseKey: '$default',
          ResponseTemplates: { $default: "$input.path('$.PublishResponse.PublishResult.MessageId')" },
        },
      ],
    },
  )

  expect(await ask(await stand.connect(), { action: 'act', text: 'a b' })).toBe('m-1')

  expect(calls[0]).toMatchObject({
    signingName: 'sns',
    wire: {
      target: '/?Action=Publish&TopicArn=arn%3Aaws%3Asns%3Aus-east-1%3A123456789012%3Anews&Message=a+b',
      body: Buffer.alloc(0),
    },
  })
  expect(calls[0]!.wire.headers).not.toHaveProperty('content-type')
})

test('C18: or in a form that the template makes', async () => {
  const { stand, calls } = await calling(
    {
      IntegrationUri: 'arn:aws:apigateway:us-east-1:sns:path//',
      RequestParameters: SQS.RequestParameters,
      RequestTemplates: { $default: 'Action=Publish&Message=$util.urlEncode($input.body)' },
    },
    ok('{}'),
    { responses: [{ IntegrationResponseKey: '$default' }] },
  )

  expect(await ask(await stand.connect(), { action: 'act' })).toBe('{}')

  expect(calls[0]!.wire.target).toBe('//')
  expect(calls[0]!.wire.body.toString()).toBe('Action=Publish&Message=%7B%22action%22%3A%22act%22%7D')
})

const denied: WireAnswer = {
  status: 403,
  headers: {},
  body: '{"Error":{"Code":"AccessDenied","Message":"no"}}',
}

test('a denial by IAM is an answer like any other: an integration response may tell the client', async () => {
  const { stand } = await calling(SQS, denied, {
    responses: [
      { IntegrationResponseKey: '/2\\d\\d/' },
      {
        IntegrationResponseKey: '/4\\d\\d/',
        ResponseTemplates: { $default: "refused: $input.path('$.Error.Code')" },
      },
    ],
  })

  expect(await ask(await stand.connect())).toBe('refused: AccessDenied')
})

test('without an integration response for it, it is an Internal server error', async () => {
  const { stand } = await calling(SQS, denied, { responses: [{ IntegrationResponseKey: '/2\\d\\d/' }] })

  expect(errorIn(await ask(await stand.connect()))).toBe('Internal server error')
})

test('on a one-way route nobody hears of it', async () => {
  const { stand, calls } = await calling(SQS, denied, { twoWay: false })
  const client = await stand.connect()

  client.send({ action: 'act' })
  await expect.poll(() => calls.length).toBe(1)

  expect(await heardMeanwhile(client)).toEqual([])
})

test('the service’s status decides about a handshake', async () => {
  const integration = {
    ...SQS,
    RequestTemplates: { $default: 'Action=SendMessage&MessageBody=$context.connectionId' },
  }
  const refused = await calling(integration, denied, { routeKeys: ['$connect'] })
  expect(await statusOf(refused.stand.connect())).toBe(403)

  const admitted = await calling(integration, ok('{}'), { routeKeys: ['$connect'] })
  await admitted.stand.connect()
  expect(admitted.calls[0]!.wire.body.toString()).toMatch(/&MessageBody=[\w-]{15}=$/)
})

test.each([
  ['NoSuchEntity', 'The role with name Sender cannot be found.'],
  ['AccessDenied', 'apigateway.amazonaws.com may not assume the role'],
])('a role that API Gateway may not take on (%s) is an Internal server error', async (code, message) => {
  const { stand, calls } = await calling(SQS, ok('{}'), {
    routeKeys: ['$connect'],
    extra: {
      assumeRole: (): RoleSession => {
        throw new AwsError(code, message)
      },
    },
  })

  expect(await statusOf(stand.connect())).toBe(500)
  expect(await stand.sees(({ kind }) => kind === 'handshake')).toMatchObject({
    because: `Execution failed due to configuration error: API Gateway does not have permission to assume the provided role ${ROLE}`,
  })
  expect(calls).toEqual([])
})
