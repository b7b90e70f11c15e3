import { expect, onTestFinished, test } from 'vitest'
import { defaultAccount } from '../../account.ts'
import { movableClock } from '../../clock.ts'
import type { Invocation } from '../../lambda/invoke.ts'
import type { Core } from '../core.ts'
import type { Integration } from '../definition.ts'
import { takeSnapshot } from '../deploy.ts'
import { randomIds } from '../ids.ts'
import type { Outcome } from '../integrations/errand.ts'
import { backend } from '../integrations/integration.fixture.ts'
import { integrate } from '../integrations/integration.ts'
import type { Occasion } from '../messages/event-shapes.ts'
import { gate, uriOf } from '../stand.ts'

const occasion: Occasion = {
  peer: { connectionId: 'c=', connectedAt: 1, sourceIp: '192.0.2.1', domainName: 'abc' },
  apiId: 'abc',
  stage: 'prod',
  stageVariables: {},
  routeKey: 'act',
  requestId: 'r=',
  at: 2,
  what: { eventType: 'MESSAGE', messageId: 'm=' },
}

/** Runs an integration by itself, with a clock that stands still but for `pass`. */
function run(integration: Partial<Integration>, surroundings: Partial<Core> = {}) {
  let now = 0
  const clock = movableClock(() => now)
  onTestFinished(clock.stop)
  const core = { account: defaultAccount, clock, ids: randomIds, ...surroundings } as Core
  const route = takeSnapshot(
    {
      apiId: 'abc',
      settings: { routeSelectionExpression: '$request.body.action' },
      routes: new Map([['r', { routeId: 'r', routeKey: 'act', integrationId: 'i', responses: new Map() }]]),
      integrations: new Map([
        [
          'i',
          {
            integrationId: 'i',
            type: 'HTTP_PROXY',
            method: 'POST',
            timeout: 1000,
            templates: { texts: {} },
            passthrough: 'WHEN_NO_MATCH',
            parameters: {},
            decodes: false,
            responses: new Map(),
            ...integration,
          },
        ],
      ]),
      models: new Map(),
      authorizers: new Map(),
      revision: 1,
    } as any,
    'd',
  ).routes.get('act')!
  const passage = {
    occasion,
    event: () => ({ body: 'hi' }),
    body: 'hi',
    sources: { body: undefined },
    wanted: true,
  }
  const outcome: Promise<Outcome> = integrate(core, route, passage)
  return {
    outcome,
    clock,
    pass(ms: number) {
      now += ms
    },
  }
}

test('H15: of an HTTP backend the trace has request, answer, status and latency', async () => {
  const asked = gate()
  const answer = gate()
  const behind = await backend(async (_, response) => {
    asked.open()
    await answer.passed
    response.writeHead(202, { 'X-Kind': 'k' }).end('pong')
  })
  const { outcome, pass } = run({ uri: `${behind.url}/x` })
  await asked.passed
  pass(12)
  answer.open()

  expect((await outcome).trace).toEqual({
    request: {
      method: 'POST',
      uri: `${behind.url}/x`,
      headers: expect.arrayContaining([['User-Agent', 'AmazonAPIGateway_abc']]),
      body: Buffer.from('hi'),
    },
    response: {
      status: 202,
      headers: expect.objectContaining({ 'x-kind': ['k'] }),
      body: Buffer.from('pong'),
    },
    status: 202,
    latency: 12,
  })
})

test('B13: of one that does not answer in time it has the request alone', async () => {
  const asked = gate()
  const behind = await backend(() => asked.open())
  const { outcome, clock } = run({ uri: behind.url })
  await asked.passed
  clock.advance(1000)

  expect(await outcome).toEqual({
    kind: 'fault',
    status: 504,
    message: 'Endpoint request timed out',
    because: 'Execution failed due to a timeout error',
    trace: { request: expect.objectContaining({ body: Buffer.from('hi') }) },
  })
})

const returned = (payload: string): Invocation => ({ kind: 'returned', requestId: 'r-1', payload })

test('H15: of a function, Lambda’s status and the function’s own', async () => {
  const { outcome } = run(
    { type: 'AWS_PROXY', uri: uriOf('fn') },
    { invoke: async () => returned('{"statusCode":404}') },
  )

  expect((await outcome).trace).toMatchObject({
    request: {
      method: 'POST',
      uri: 'https://lambda.us-east-1.amazonaws.com/2015-03-31/functions/arn:aws:lambda:us-east-1:123456789012:function:fn/invocations',
      body: Buffer.from('{"body":"hi"}'),
    },
    response: { status: 200, body: Buffer.from('{"statusCode":404}') },
    requestId: 'r-1',
    status: 404,
    latency: 0,
  })
})

test('A10: a function that failed is told in AWS’s words', async () => {
  const error = { errorType: 'Error', errorMessage: 'boom' }
  const { outcome } = run(
    { type: 'AWS_PROXY', uri: uriOf('fn') },
    { invoke: async () => ({ kind: 'failed', requestId: 'r-1', error }) },
  )

  expect(await outcome).toMatchObject({
    status: 502,
    because:
      'Lambda execution failed with status 200 due to customer function error: boom. Lambda request id: r-1',
    trace: { response: { status: 200, headers: { 'x-amz-function-error': ['Unhandled'] } } },
  })
})

test.each([
  ['$util.urlDecode("%")', 'Unable to transform request'],
  [
    'no status',
    'Unable to parse statusCode. It should be an integer that is defined in the request template.',
  ],
])('a MOCK whose template is %s cannot be carried out', async (template, because) => {
  const { outcome } = run({ type: 'MOCK', templates: { texts: { $default: template } } })

  expect(await outcome).toMatchObject({
    status: 500,
    because: `Execution failed due to configuration error: ${because}`,
  })
})

test('C14: of a MOCK the trace has its status alone', async () => {
  const { outcome } = run({ type: 'MOCK', templates: { texts: { $default: '{"statusCode":204}' } } })

  expect((await outcome).trace).toEqual({ status: 204 })
})
