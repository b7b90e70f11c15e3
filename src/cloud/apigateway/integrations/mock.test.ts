import { expect, test } from 'vitest'
import { openStand, statusOf } from '../stand.ts'

/** An API with one route `ping` on a MOCK integration, and an `end` that always replies, to know when silence is over. */
async function mocked(integration: object, responses: object[] = [], twoWay = true) {
  const stand = await openStand(() => ({ statusCode: 200, body: 'end' }))
  const { apiId } = await stand.api(['end'], {
    twoWay: ['end'],
    stage: { StageVariables: { color: 'blue' } },
  })
  const IntegrationId = await stand.create('Integration', {
    ApiId: apiId,
    IntegrationType: 'MOCK',
    ...integration,
  })
  for (const response of responses)
    await stand.create('IntegrationResponse', { ApiId: apiId, IntegrationId, ...response })
  const route = async (RouteKey: string) => {
    const RouteId = await stand.create('Route', {
      ApiId: apiId,
      RouteKey,
      Target: `integrations/${IntegrationId}`,
      ...(twoWay && { RouteResponseSelectionExpression: '$default' }),
    })
    if (twoWay) await stand.create('RouteResponse', { ApiId: apiId, RouteId, RouteResponseKey: '$default' })
  }
  await route('ping')
  return { stand, route }
}

async function ask({ stand }: Awaited<ReturnType<typeof mocked>>, message: object = { action: 'ping' }) {
  const client = await stand.connect()
  client.send(message)
  client.send({ action: 'end' })
  const heard = await client.hears()
  return heard === 'end' ? undefined : heard
}

const OK = { RequestTemplates: { $default: '{"statusCode":200}' }, TemplateSelectionExpression: '\\$default' }

test('C14: the reply is the integration response’s template', async () => {
  const api = await mocked(OK, [
    {
      IntegrationResponseKey: '$default',
      TemplateSelectionExpression: '\\$default',
      ResponseTemplates: { $default: '{"pong":"$context.connectionId","color":"$stageVariables.color"}' },
    },
  ])

  expect(await ask(api)).toMatch(/^\{"pong":"[\w-]{15}=","color":"blue"\}$/)
})

test('C10: integration responses are chosen by status, expressions before $default', async () => {
  const text = (IntegrationResponseKey: string, reply: string) => ({
    IntegrationResponseKey,
    ResponseTemplates: { $default: reply },
  })
  const statuses = { RequestTemplates: { $default: '{"statusCode":$input.json("$.status")}' } }
  const api = await mocked(statuses, [
    text('$default', 'other'),
    text('/2\\d\\d/', 'fine'),
    text('/404/', 'missing'),
  ])

  expect(await ask(api, { action: 'ping', status: 204 })).toBe('fine')
  expect(await ask(api, { action: 'ping', status: 404 })).toBe('missing')
  expect(await ask(api, { action: 'ping', status: 500 })).toBe('other')
})

test('C10, H8: without an integration response nothing is replied', async () => {
  expect(await ask(await mocked(OK))).toBeUndefined()
})

test('C1: nor on a one-way route', async () => {
  const api = await mocked(
    OK,
    [{ IntegrationResponseKey: '$default', ResponseTemplates: { $default: 'pong' } }],
    false,
  )

  expect(await ask(api)).toBeUndefined()
})

test('C12: the selection expression picks the template, on the way back too', async () => {
  const api = await mocked(
    {
      TemplateSelectionExpression: '${request.body.kind}',
      RequestTemplates: { a: '{"statusCode":201}', $default: '{"statusCode":202}' },
    },
    [
      {
        IntegrationResponseKey: '$default',
        TemplateSelectionExpression: '${integration.response.statuscode}-${request.body.kind}',
        ResponseTemplates: { '201-a': 'one', $default: 'the other' },
      },
    ],
  )

  expect(await ask(api, { action: 'ping', kind: 'a' })).toBe('one')
  expect(await ask(api, { action: 'ping', kind: 'b' })).toBe('the other')
})

test.each([
  ['WHEN_NO_MATCH', {}, 'pong'],
  ['WHEN_NO_MATCH', { other: '{"statusCode":200}' }, 'pong'],
  ['WHEN_NO_TEMPLATES', {}, 'pong'],
  ['WHEN_NO_TEMPLATES', { other: '{"statusCode":200}' }, 'Unsupported Media Type'],
  ['NEVER', {}, 'Unsupported Media Type'],
  ['NEVER', { ping: '{"statusCode":200}' }, 'pong'],
])('C13: %s with templates %j', async (PassthroughBehavior, RequestTemplates, heard) => {
  const api = await mocked(
    { PassthroughBehavior, RequestTemplates, TemplateSelectionExpression: '$request.body.action' },
    [{ IntegrationResponseKey: '$default', ResponseTemplates: { $default: 'pong' } }],
  )

  const reply = await ask(api, { action: 'ping', statusCode: 200 })

  expect(reply).toMatch(heard === 'pong' ? /^pong$/ : /^\{"message": "Unsupported Media Type", /)
})

test('a template that names no status is an Internal server error', async () => {
  expect(await ask(await mocked({ RequestTemplates: { $default: 'hello' } }))).toMatch(
    /^\{"message": "Internal server error", /,
  )
})

test('C21: the message and its context go through the templates', async () => {
  const api = await mocked(
    { RequestTemplates: { $default: '#set($all = $input.path(\'$\')){"statusCode": $all.status}' } },
    [
      {
        IntegrationResponseKey: '/418/',
        ResponseTemplates: { $default: '$context.routeKey from $context.identity.sourceIp' },
      },
    ],
  )

  expect(await ask(api, { action: 'ping', status: 418 })).toBe('ping from 127.0.0.1')
})

test('a MOCK on $connect lets in or refuses by its status', async () => {
  const yes = await mocked({ RequestTemplates: { $default: '{statusCode:200}' } })
  await yes.route('$connect')
  await yes.stand.connect()

  const no = await mocked({ RequestTemplates: { $default: '{"statusCode":403}' } })
  await no.route('$connect')
  expect(await statusOf(no.stand.connect())).toBe(403)
})
