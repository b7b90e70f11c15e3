import { expect, test } from 'vitest'
import { AwsError } from '../../error.ts'
import { type Client, gate, openStand } from '../stand.ts'

/** The three parts of a frame that the gateway made; fails unless it is AWS's byte for byte. */
function errorIn(frame: string) {
  const parts = /^\{"message": "([^"]+)", "connectionId":"([\w-]{15}=)", "requestId":"([\w-]{15}=)"\}$/.exec(
    frame,
  )
  if (!parts) throw new Error(`not an error frame: ${frame}`)
  return { message: parts[1], connectionId: parts[2], requestId: parts[3] }
}

/** Asks something that is answered, so that whatever was to come before it has come. */
async function settle(client: Client) {
  client.send({ action: 'echo', mark: 'settled' })
  const heard = []
  for (;;) {
    const text = await client.hears()
    if (text.includes('settled')) return heard
    heard.push(text)
  }
}

const echo = (event: any) => ({ statusCode: 200, body: event.body })

test('B4, B6: a message goes to the route of its action, anything else to $default', async () => {
  const stand = await openStand(event => ({ statusCode: 200, body: event.requestContext.routeKey }))
  await stand.api(['chat', '$default'], { twoWay: ['chat', '$default'] })
  const client = await stand.connect()

  for (const message of [
    { action: 'chat' },
    { action: 'Chat' },
    { action: 'other' },
    {},
    'not json',
    '',
    [1],
    '"text"',
    '7',
    'null',
  ]) {
    client.send(message)
    expect(await client.hears(), JSON.stringify(message)).toBe(
      JSON.stringify(message) === '{"action":"chat"}' ? 'chat' : '$default',
    )
  }
})

test('B5: a number selects the route of its text', async () => {
  const stand = await openStand(echo)
  await stand.api(['1'], { twoWay: ['1'] })
  const client = await stand.connect()

  client.send({ action: 1 })

  expect(await client.hears()).toBe('{"action":1}')
})

test('B7, B8, B9: without a route and without $default the client is sent Forbidden, and nothing is invoked', async () => {
  const stand = await openStand(echo)
  await stand.api(['$connect', 'echo'], { twoWay: ['echo'] })
  const client = await stand.connect()
  const { connectionId } = JSON.parse(stand.invokes[0]!.payload).requestContext

  client.send({ action: 'nothing' })

  expect(errorIn(await client.hears())).toMatchObject({ message: 'Forbidden', connectionId })
  expect(stand.invokes).toHaveLength(1)
  expect(await settle(client)).toEqual([])
})

test.each(['one-way', 'two-way'])(
  'B10, B11: a handler that throws on a %s route is an Internal server error',
  async way => {
    const stand = await openStand(event => {
      if (event.body.includes('boom')) throw new Error('boom')
      return echo(event)
    })
    await stand.api(['act', 'echo'], { twoWay: way === 'two-way' ? ['act', 'echo'] : ['echo'] })
    const client = await stand.connect()

    client.send({ action: 'act', boom: true })

    expect(errorIn(await client.hears()).message).toBe('Internal server error')
    expect(await settle(client)).toEqual([])
  },
)

test.each(['AccessDeniedException', 'TooManyRequestsException', 'ResourceNotFoundException'])(
  'B10, B12: so is a function that cannot be started (%s)',
  async code => {
    const stand = await openStand(() => {
      throw new AwsError(code, 'no', 403)
    })
    await stand.api(['act'])
    const client = await stand.connect()

    client.send({ action: 'act' })

    expect(errorIn(await client.hears()).message).toBe('Internal server error')
  },
)

test('B10: the requestId of the frame is the one the handler was given', async () => {
  const stand = await openStand(() => {
    throw new Error('boom')
  })
  await stand.api(['act'])
  const client = await stand.connect()

  client.send({ action: 'act' })
  const { requestId } = errorIn(await client.hears())

  expect(JSON.parse(stand.invokes[0]!.payload).requestContext.requestId).toBe(requestId)
})

test('B13, B14: after the timeout the client is told, and the handler runs on', async () => {
  const asked = gate()
  const handler = gate()
  const finished = gate()
  const stand = await openStand(async event => {
    if (!event.body.includes('slow')) return echo(event)
    asked.open()
    await handler.passed
    finished.open()
    return { statusCode: 200, body: 'too late' }
  })
  await stand.api(['slow', 'echo'], { twoWay: ['slow', 'echo'] })
  const client = await stand.connect()

  client.send({ action: 'slow' })
  await asked.passed
  stand.clock.advance(20_000)
  expect(await settle(client)).toEqual([])
  stand.clock.advance(9_000)
  expect(errorIn(await client.hears()).message).toBe('Endpoint request timed out')
  handler.open()
  await finished.passed

  expect(await settle(client)).toEqual([])
})

test('C15: an integration’s own timeout is kept', async () => {
  const asked = gate()
  const stand = await openStand(() => {
    asked.open()
    return new Promise(() => {})
  })
  const { apiId, integrationId } = await stand.api(['slow'])
  const properties = {
    ApiId: apiId,
    IntegrationType: 'AWS_PROXY',
    IntegrationUri: uri(),
    TimeoutInMillis: 50,
  }
  await stand.update('Integration', integrationId, properties)
  const client = await stand.connect()

  client.send({ action: 'slow' })
  await asked.passed
  stand.clock.advance(50)

  expect(errorIn(await client.hears()).message).toBe('Endpoint request timed out')
})

test('B15, B16: a message must fit the model that its expression selects, else that of $default, else none', async () => {
  const stand = await openStand(echo)
  const { apiId, integrationId } = await stand.api(['echo'], { twoWay: ['echo'] })
  const schema = (name: string) => ({
    $schema: 'http://json-schema.org/draft-04/schema#',
    type: 'object',
    required: [name],
    properties: { [name]: { type: 'number', minimum: 0, exclusiveMinimum: true } },
  })
  await stand.create('Model', { ApiId: apiId, Name: 'price', Schema: schema('price') })
  await stand.create('Model', { ApiId: apiId, Name: 'size', Schema: JSON.stringify(schema('size')) })
  const route = async (RouteKey: string, RequestModels: object) => {
    const properties = {
      ApiId: apiId,
      RouteKey,
      Target: `integrations/${integrationId}`,
      RouteResponseSelectionExpression: '$default',
      ModelSelectionExpression: '$request.body.kind',
      RequestModels,
    }
    const RouteId = await stand.create('Route', properties)
    await stand.create('RouteResponse', { ApiId: apiId, RouteId, RouteResponseKey: '$default' })
  }
  await route('a', { p: 'price', $default: 'size' })
  await route('b', { p: 'price' })
  const client = await stand.connect()
  const ask = async (message: object) => {
    client.send(message)
    const answer = await client.hears()
    return answer === JSON.stringify(message) ? 'passed' : errorIn(answer).message
  }

  expect(await ask({ action: 'a', kind: 'p', price: 1 })).toBe('passed')
  expect(await ask({ action: 'a', kind: 'p', price: 0 })).toBe('Invalid request body')
  expect(await ask({ action: 'a', kind: 'q', size: 1 })).toBe('passed')
  expect(await ask({ action: 'a', kind: 'q', price: 1 })).toBe('Invalid request body')
  expect(await ask({ action: 'b', kind: 'p', price: 1 })).toBe('passed')
  expect(await ask({ action: 'b', kind: 'q', price: 1 })).toBe('Invalid request body')
})

test('B18 (assumed): a client cannot ask for $connect or $disconnect', async () => {
  const stand = await openStand(echo)
  await stand.api(['$connect', '$disconnect'])
  const client = await stand.connect()

  for (const action of ['$connect', '$disconnect']) {
    client.send({ action })
    expect(errorIn(await client.hears()).message).toBe('Forbidden')
  }
  expect(stand.invokes).toHaveLength(1)
})

test('B19: messages of one connection do not wait for each other', async () => {
  const second = gate()
  const stand = await openStand(async event => {
    if (event.body.includes('first')) await second.passed
    else second.open()
    return echo(event)
  })
  await stand.api(['echo'], { twoWay: ['echo'] })
  const client = await stand.connect()

  client.send({ action: 'echo', n: 'first' })
  client.send({ action: 'echo', n: 'second' })

  expect([await client.hears(), await client.hears()].sort()).toEqual([
    '{"action":"echo","n":"first"}',
    '{"action":"echo","n":"second"}',
  ])
})

test('B20, H1: a route that is not deployed is not there yet', async () => {
  const stand = await openStand(echo)
  const { apiId, integrationId } = await stand.api(['chat'], { stage: { AutoDeploy: false } })
  await stand.create('Deployment', { ApiId: apiId, StageName: 'prod' })
  const client = await stand.connect()

  await stand.create('Route', { ApiId: apiId, RouteKey: 'late', Target: `integrations/${integrationId}` })
  client.send({ action: 'late' })

  expect(errorIn(await client.hears()).message).toBe('Forbidden')
})

test('A45: a connection survives a deployment, and its next message meets the new routes', async () => {
  const stand = await openStand(echo)
  const { apiId, integrationId } = await stand.api(['chat'])
  const client = await stand.connect()

  const route = {
    ApiId: apiId,
    RouteKey: 'late',
    Target: `integrations/${integrationId}`,
    RouteResponseSelectionExpression: '$default',
  }
  const RouteId = await stand.create('Route', route)
  await stand.create('RouteResponse', { ApiId: apiId, RouteId, RouteResponseKey: '$default' })
  client.send({ action: 'late' })

  expect(await client.hears()).toBe('{"action":"late"}')
})

test('B24 (assumed): a route without a target is an Internal server error', async () => {
  const stand = await openStand(echo)
  const { apiId } = await stand.api([])
  await stand.create('Route', { ApiId: apiId, RouteKey: 'bare' })
  const client = await stand.connect()

  client.send({ action: 'bare' })

  expect(errorIn(await client.hears()).message).toBe('Internal server error')
})

test.each([
  { statusCode: 200, body: 'x' },
  { statusCode: 301 },
  { statusCode: 501, body: 'x' },
  null,
  'text',
  { body: {} },
])('C1, C8: what a one-way route returns (%j) is dropped', async returned => {
  const stand = await openStand(event => (event.body.includes('settled') ? echo(event) : returned))
  await stand.api(['act', 'echo'], { twoWay: ['echo'] })
  const client = await stand.connect()

  client.send({ action: 'act' })

  expect(await settle(client)).toEqual([])
})

test.each(['one-way', 'two-way'])(
  'C1: a response with members beside its own is malformed: %s',
  async way => {
    const stand = await openStand(event =>
      event.requestContext.routeKey === 'act'
        ? { statusCode: 200, body: 'x', ConnectionId: 'its own', Data: 'hello' }
        : echo(event),
    )
    await stand.api(['act', 'echo'], { twoWay: way === 'two-way' ? ['act', 'echo'] : ['echo'] })
    const client = await stand.connect()

    client.send({ action: 'act' })

    const [frame = '', ...more] = await settle(client)
    expect(errorIn(frame).message).toBe('Internal server error')
    expect(more).toEqual([])
  },
)

test('C1: on $connect such a response refuses the handshake with 502 (assumed, as REST does)', async () => {
  const stand = await openStand(() => ({ statusCode: 200, message: 'welcome' }))
  await stand.api(['$connect'])

  await expect(stand.connect()).rejects.toThrow('502')
})

test('C2: a route is two-way only with both its expression and its response', async () => {
  const stand = await openStand(echo)
  const { apiId, integrationId } = await stand.api(['echo'], { twoWay: ['echo'] })
  const Target = `integrations/${integrationId}`
  await stand.create('Route', {
    ApiId: apiId,
    RouteKey: 'expression',
    Target,
    RouteResponseSelectionExpression: '$default',
  })
  const RouteId = await stand.create('Route', { ApiId: apiId, RouteKey: 'response', Target })
  await stand.create('RouteResponse', { ApiId: apiId, RouteId, RouteResponseKey: '$default' })
  const client = await stand.connect()

  client.send({ action: 'expression' })
  client.send({ action: 'response' })

  expect(await settle(client)).toEqual([])
})

test.each([
  ['C3: the body is the reply', { statusCode: 200, headers: { a: 'b' }, body: ' verbatim\n' }, ' verbatim\n'],
  ['C4: also with a status of 500', { statusCode: 500, body: 'sorry' }, 'sorry'],
  ['C5: without a body it is empty', { statusCode: 200 }, ''],
])('%s', async (_, returned, reply) => {
  const stand = await openStand(() => returned)
  await stand.api(['ask'], { twoWay: ['ask'] })
  const client = await stand.connect()

  client.send({ action: 'ask' })

  expect(await client.hears()).toBe(reply)
})

test.each([{ statusCode: 200, body: {} }, 'text', null, { body: 'no status' }])(
  'C6 (assumed): a two-way route that returns %j is an Internal server error',
  async returned => {
    const stand = await openStand(() => returned)
    await stand.api(['ask'], { twoWay: ['ask'] })
    const client = await stand.connect()

    client.send({ action: 'ask' })

    expect(errorIn(await client.hears()).message).toBe('Internal server error')
  },
)

test('C26: $connect sends no reply even with a route response', async () => {
  const stand = await openStand(event => ({ statusCode: 200, body: event.body ?? 'from $connect' }))
  await stand.api(['$connect', 'echo'], { twoWay: ['$connect', 'echo'] })

  const client = await stand.connect()

  expect(await settle(client)).toEqual([])
})

test('C27: stage variables name the function', async () => {
  const stand = await openStand(echo)
  const { apiId, integrationId } = await stand.api(['act'], { stage: { StageVariables: { fn: 'blue' } } })
  await stand.update('Integration', integrationId, {
    ApiId: apiId,
    IntegrationType: 'AWS_PROXY',
    IntegrationUri: uri('${stageVariables.fn}'),
  })
  const client = await stand.connect()

  client.send({ action: 'act' })
  await expect.poll(() => stand.invokes.length).toBe(1)

  expect(stand.invokes[0]!.functionName).toBe('arn:aws:lambda:us-east-1:123456789012:function:blue')
})

test('an integration with credentials invokes as a session of that role, if the role may', async () => {
  const stand = await openStand(echo)
  const { apiId, integrationId } = await stand.api(['act'], { twoWay: ['act'] })
  const CredentialsArn = 'arn:aws:iam::123456789012:role/path/invoker'
  await stand.update('Integration', integrationId, {
    ApiId: apiId,
    IntegrationType: 'AWS_PROXY',
    IntegrationUri: uri(),
    CredentialsArn,
  })
  const client = await stand.connect()

  client.send({ action: 'act' })
  await client.hears()
  expect(stand.invokes[0]!.caller).toMatchObject({
    kind: 'role-session',
    roleArn: CredentialsArn,
    arn: 'arn:aws:sts::123456789012:assumed-role/invoker/BackplaneAssumeRoleSession',
  })

  stand.decide = ({ action }) =>
    action === 'lambda:InvokeFunction'
      ? { allowed: false, deny: 'implicit', kind: 'identity-based' }
      : { allowed: true }
  client.send({ action: 'act' })
  expect(errorIn(await client.hears()).message).toBe('Internal server error')
  expect(stand.invokes).toHaveLength(1)
})

test('G10 (assumed): a throttled message is told so, and the connection stays', async () => {
  const stand = await openStand(echo)
  await stand.api(['echo'], {
    twoWay: ['echo'],
    stage: { RouteSettings: { echo: { ThrottlingRateLimit: 0.01, ThrottlingBurstLimit: 1 } } },
  })
  const client = await stand.connect()

  client.send({ action: 'echo', n: 1 })
  expect(await client.hears()).toBe('{"action":"echo","n":1}')
  client.send({ action: 'echo', n: 2 })
  expect(errorIn(await client.hears()).message).toBe('Too Many Requests')
  stand.clock.advance(100_000)

  expect(await settle(client)).toEqual([])
})

test('frames are in the stream of events, both ways and with their route', async () => {
  const stand = await openStand(() => ({ statusCode: 200, body: 'pong' }))
  await stand.api(['ping'], { twoWay: ['ping'] })
  const client = await stand.connect()

  client.send({ action: 'ping' })
  await client.hears()

  expect(stand.history().filter(event => event.kind === 'frame')).toMatchObject([
    { direction: 'in', routeKey: 'ping', text: '{"action":"ping"}', stage: 'prod' },
    { direction: 'out', routeKey: 'ping', text: 'pong', stage: 'prod' },
  ])
})

const uri = (name = 'behind') =>
  `arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:123456789012:function:${name}/invocations`
