import { expect, test } from 'vitest'
import { AwsError } from '../../error.ts'
import type { Invoke } from '../../lambda/invoke.ts'
import { type Behind, statusOf, uriOf } from '../stand.ts'
import { ask, errorIn, heardMeanwhile, type IntegratedOptions, integrated } from './integration.fixture.ts'

/** The function behind the integration; `end` is answered as in every test. */
const func =
  (run: Behind): Behind =>
  (event, invoke) =>
    event?.requestContext?.routeKey === 'end' ? { statusCode: 200, body: 'end' } : run(event, invoke)

const custom = (integration: object, behind: Behind, options: IntegratedOptions = {}) =>
  integrated(
    { IntegrationType: 'AWS', IntegrationMethod: 'POST', IntegrationUri: uriOf('custom'), ...integration },
    { behind: func(behind), ...options },
  )

const reply = (IntegrationResponseKey: string, text?: string) => ({
  IntegrationResponseKey,
  ...(text !== undefined && { ResponseTemplates: { $default: text } }),
})

test('the template’s output is the event, and what the function returns goes to the integration response', async () => {
  const { stand, apiId } = await custom(
    { RequestTemplates: { $default: '{"who":"$context.connectionId","said":$input.json("$.text")}' } },
    ({ who, said }) => ({ said, length: who.length }),
    { responses: [reply('$default', '$input.path("$.said")/$input.path("$.length")')] },
  )

  expect(await ask(await stand.connect(), { action: 'act', text: 'hi' })).toBe('hi/16')

  expect(stand.invokes[0]).toMatchObject({
    functionName: 'arn:aws:lambda:us-east-1:123456789012:function:custom',
    caller: { kind: 'service', service: 'apigateway.amazonaws.com' },
    sourceArn: `arn:aws:execute-api:us-east-1:123456789012:${apiId}/prod/act`,
    sourceAccount: '123456789012',
  })
})

test('C13: without a template the message itself is the event', async () => {
  const { stand } = await custom({}, event => event.text, { responses: [reply('$default')] })

  expect(await ask(await stand.connect(), { action: 'act', text: 'hi' })).toBe('"hi"')
})

test('C11: an error message, thrown or returned, chooses the integration response', async () => {
  const { stand } = await custom(
    {},
    ({ how }) => {
      if (how === 'throw') throw new Error('Not found: x')
      return how === 'return' ? { errorMessage: 'Bad' } : { fine: true }
    },
    {
      responses: [
        reply('/Not found.*/', 'missing: $input.path("$.errorMessage")'),
        reply('/Ba./', 'bad'),
        reply('/.*/', 'any error'),
        reply('$default', 'fine'),
      ],
    },
  )
  const client = await stand.connect()

  expect(await ask(client, { action: 'act', how: 'throw' })).toBe('missing: Not found: x')
  expect(await ask(client, { action: 'act', how: 'return' })).toBe('bad')
  expect(await ask(client, { action: 'act' })).toBe('fine')
})

test('C1: on a one-way route nothing is replied, not even for a function that throws', async () => {
  const { stand } = await custom(
    {},
    () => {
      throw new Error('boom')
    },
    { twoWay: false },
  )
  const client = await stand.connect()

  client.send({ action: 'act' })
  await expect.poll(() => stand.invokes.length).toBe(1)

  expect(await heardMeanwhile(client)).toEqual([])
})

test('a $connect of this kind lets a client in unless its function fails', async () => {
  const { stand } = await custom(
    { RequestTemplates: { $default: '{"id":"$context.connectionId"}' } },
    () => null,
    {
      routeKeys: ['$connect'],
    },
  )

  await stand.connect()
})

test('C16: X-Amz-Invocation-Type Event only asks the function to run', async () => {
  const queued: Invoke[] = []
  const { stand } = await custom(
    { RequestParameters: { 'integration.request.header.X-Amz-Invocation-Type': "'Event'" } },
    () => 'never',
    {
      responses: [reply('$default', 'accepted')],
      extra: {
        queueEvent(invoke) {
          queued.push(invoke)
          return 'id'
        },
      },
    },
  )

  expect(await ask(await stand.connect())).toBe('accepted')

  expect(queued).toEqual([
    expect.objectContaining({
      functionName: 'arn:aws:lambda:us-east-1:123456789012:function:custom',
      payload: '{"action":"act"}',
      caller: { kind: 'service', service: 'apigateway.amazonaws.com' },
    }),
  ])
  expect(stand.invokes).toEqual([])
})

test('C16: with credentials it is the role that must be allowed', async () => {
  const CredentialsArn = 'arn:aws:iam::123456789012:role/Invoker'
  const { stand } = await custom({ CredentialsArn }, () => 'hi', { responses: [reply('$default')] })
  const client = await stand.connect()

  expect(await ask(client)).toBe('"hi"')
  expect(stand.invokes[0]?.caller).toMatchObject({ kind: 'role-session', roleArn: CredentialsArn })

  stand.decide = () => ({ allowed: false, deny: 'implicit', kind: 'identity-based' })
  expect(errorIn(await ask(client))).toBe('Internal server error')
})

test.each([
  [
    'AccessDeniedException',
    /^Execution failed due to configuration error: Invalid permissions on Lambda function$/,
  ],
  [
    'TooManyRequestsException',
    /^Lambda invocation failed with status: 403. Lambda request id: [0-9a-f-]{36}$/,
  ],
])('A12, B12: a function that cannot be started (%s)', async (code, because) => {
  const { stand } = await custom(
    {},
    () => {
      throw new AwsError(code, 'no', 403)
    },
    { routeKeys: ['$connect'] },
  )

  expect(await statusOf(stand.connect())).toBe(500)
  expect(await stand.sees(({ kind }) => kind === 'handshake')).toMatchObject({
    because: expect.stringMatching(because),
  })
})

test('what is no JSON is refused by Lambda, whose words go through the integration response', async () => {
  const { stand } = await custom({}, () => 'never', {
    routeKeys: ['$default'],
    responses: [reply('$default', '$input.path("$.message")')],
  })

  expect(await ask(await stand.connect(), 'hello')).toMatch(/^Could not parse request body into json: /)
  expect(stand.invokes).toEqual([])
})

test('C23: base64 text is decoded for the function', async () => {
  const { stand } = await custom({ ContentHandlingStrategy: 'CONVERT_TO_BINARY' }, event => event.text, {
    routeKeys: ['$default'],
    responses: [reply('$default')],
  })

  expect(await ask(await stand.connect(), Buffer.from('{"text":"hi"}').toString('base64'))).toBe('"hi"')
})

test('C23 (assumed): a proxied function is told that its body is base64', async () => {
  const { stand } = await integrated(
    {
      IntegrationType: 'AWS_PROXY',
      IntegrationUri: uriOf('proxy'),
      ContentHandlingStrategy: 'CONVERT_TO_BINARY',
    },
    {
      routeKeys: ['$default'],
      behind: func(event => ({ statusCode: 200, body: `${event.body} ${event.isBase64Encoded}` })),
    },
  )
  const client = await stand.connect()

  expect(await ask(client, 'aGk=')).toBe('aGk= true')
  expect(errorIn(await ask(client, 'hi'))).toBe('Internal server error')
})
