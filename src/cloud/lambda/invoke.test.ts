import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Principal } from '../iam/principal.ts'
import type { Call, Operation } from '../service.ts'
import { lambdaForTests, settled, until } from './lambda.fixture.ts'

let cloud: Awaited<ReturnType<typeof lambdaForTests>>

beforeAll(async () => {
  cloud = await lambdaForTests()
})
afterAll(() => cloud.stop())

const gateway: Principal = { kind: 'service', service: 'apigateway.amazonaws.com' }
const arn = (name: string) => `arn:aws:lambda:us-east-1:123456789012:function:${name}`

test('a service needs permission from the function, for its source', async () => {
  await cloud.make('guarded', 'exports.handler = async () => 1')
  const call = (sourceArn: string, sourceAccount = '123456789012') =>
    cloud.lambda.invoke({
      functionName: arn('guarded'),
      payload: '{}',
      caller: gateway,
      sourceArn,
      sourceAccount,
    })
  const route = 'arn:aws:execute-api:us-east-1:123456789012:abc/live/$connect'
  const refusal = { code: 'AccessDeniedException', status: 403 }
  await expect(call(route)).rejects.toMatchObject({
    ...refusal,
    message: `User: apigateway.amazonaws.com is not authorized to perform: lambda:InvokeFunction on resource: ${arn('guarded')} because no resource-based policy allows the lambda:InvokeFunction action`,
  })
  const permission = cloud.resource('AWS::Lambda::Permission')
  const properties = {
    FunctionName: arn('guarded'),
    Action: 'lambda:InvokeFunction',
    Principal: 'apigateway.amazonaws.com',
    SourceArn: 'arn:aws:execute-api:us-east-1:123456789012:abc/*$connect',
    SourceAccount: '123456789012',
  }
  const made = await permission.create(cloud.request('May', properties))
  expect(await call(route)).toMatchObject({ kind: 'returned', payload: '1' })
  await expect(call(route.replace('abc', 'xyz'))).rejects.toMatchObject(refusal)
  await expect(call(route, '999999999999')).rejects.toMatchObject(refusal)
  await permission.delete!({ ...made, properties, logicalId: 'May' })
  await expect(call(route)).rejects.toMatchObject(refusal)
  const outcomes = cloud.events.history().filter(event => event.kind === 'invocation')
  expect(outcomes.map(({ outcome }) => outcome)).toEqual([
    'refused',
    'returned',
    'refused',
    'refused',
    'refused',
  ])
})

test('a role may invoke what its policies say', async () => {
  await cloud.make('role-called', 'exports.handler = async () => 1')
  cloud.iam.createRole({ name: 'caller', trust: cloud.iam.role('writes-logs').trust })
  const { principal: caller } = cloud.sts.issue(cloud.roleArn('caller'), 'me')
  const call = () => cloud.lambda.invoke({ functionName: 'role-called', payload: '{}', caller })
  await expect(call()).rejects.toThrow(
    /assumed-role\/caller\/me is not authorized .* because no identity-based policy allows/,
  )
  cloud.allow('caller', { Effect: 'Allow', Action: 'lambda:InvokeFunction', Resource: arn('role-called') })
  expect(await call()).toMatchObject({ kind: 'returned' })
})

test('a function that is not there is not found', async () => {
  await expect(cloud.invoke('nobody')).rejects.toMatchObject({
    code: 'ResourceNotFoundException',
    status: 404,
    message: `Function not found: ${arn('nobody')}`,
  })
})

test('reserved concurrency is a limit, and none stops the function', async () => {
  await cloud.make('stopped', 'exports.handler = async () => 1', { ReservedConcurrentExecutions: 0 })
  await expect(cloud.invoke('stopped')).rejects.toMatchObject({
    code: 'TooManyRequestsException',
    status: 429,
    message: 'Rate Exceeded.',
  })
  await cloud.make(
    'single',
    'exports.handler = async () => new Promise(resolve => setTimeout(resolve, 50, 1))',
    {
      ReservedConcurrentExecutions: 1,
    },
  )
  const both = await Promise.allSettled([cloud.invoke('single'), cloud.invoke('single')])
  expect(both.map(({ status }) => status)).toEqual(['fulfilled', 'rejected'])
  expect((await cloud.invoke('single')).result).toBe(1)
})

test('an update meets the next invocation; the one under way goes on to its end', async () => {
  const resource = cloud.resource('AWS::Lambda::Function')
  const properties = (version: string) => ({
    FunctionName: 'changes',
    Runtime: 'nodejs22.x',
    Handler: 'index.handler',
    Role: cloud.roleArn('writes-logs'),
    Code: {
      ZipFile: `exports.handler = async e => { if (e.wait) { console.log('waiting'); await new Promise(r => setTimeout(r, 200)) } return '${version}' + process.env.XX }`,
    },
    Environment: { Variables: { XX: version } },
  })
  const made = await resource.create(cloud.request('Changes', properties('old')))
  const waiting = new Promise<void>(resolve => {
    const stop = cloud.events.subscribe(event => {
      if (event.kind !== 'log' || !event.message.includes('waiting')) return
      stop()
      resolve()
    })
  })
  const old = cloud.invoke('changes', { wait: true })
  await waiting
  await resource.update!(cloud.request('Changes', properties('new')), {
    ...made,
    properties: properties('old'),
  })
  expect((await cloud.invoke('changes')).result).toBe('newnew')
  expect((await old).result).toBe('oldold')
  await resource.delete!({ ...made, properties: properties('new'), logicalId: 'Changes' })
  await expect(cloud.invoke('changes')).rejects.toThrow('Function not found')
})

test('versions keep what was published, and aliases point to them', async () => {
  await cloud.make(
    'published',
    `exports.handler = async (e, context) => [process.env.AWS_LAMBDA_FUNCTION_VERSION, context.invokedFunctionArn]`,
  )
  const version = await cloud
    .resource('AWS::Lambda::Version')
    .create(cloud.request('V', { FunctionName: 'published' }))
  expect(version).toEqual({
    physicalId: `${arn('published')}:1`,
    attributes: { Version: '1', FunctionArn: `${arn('published')}:1` },
  })
  const alias = await cloud
    .resource('AWS::Lambda::Alias')
    .create(cloud.request('A', { FunctionName: 'published', Name: 'live', FunctionVersion: '1' }))
  expect(alias.physicalId).toBe(`${arn('published')}:live`)
  expect((await cloud.invoke(`${arn('published')}:live`)).result).toEqual(['1', `${arn('published')}:live`])
  expect((await cloud.invoke('published')).result).toEqual(['$LATEST', arn('published')])

  const permission = {
    FunctionName: alias.physicalId,
    Action: 'lambda:InvokeFunction',
    Principal: 'apigateway.amazonaws.com',
  }
  await cloud.resource('AWS::Lambda::Permission').create(cloud.request('P', permission))
  const byGateway = (functionName: string) =>
    cloud.lambda.invoke({ functionName, payload: '{}', caller: gateway })
  expect(await byGateway(alias.physicalId)).toMatchObject({ kind: 'returned' })
  await expect(byGateway(arn('published'))).rejects.toMatchObject({ code: 'AccessDeniedException' })
})

test('more invocations at once than processes may start wait, and all are served', async () => {
  await cloud.make('many', 'exports.handler = async e => e.n')
  const done = await Promise.all(Array.from({ length: 300 }, (_, n) => cloud.invoke('many', { n })))
  expect(done.map(({ result }) => result)).toEqual(Array.from({ length: 300 }, (_, n) => n))
})

test('an instance that dies after its answer fails nobody', async () => {
  await cloud.make(
    'dies',
    `exports.handler = async () => { setImmediate(() => Promise.reject(new Error('afterwards'))); return process.pid }`,
  )
  for (let i = 0; i < 5; i++) expect((await cloud.invoke('dies')).kind).toBe('returned')
})

test('idle instances end when the clock has moved on, and others are started', async () => {
  await cloud.make('idle', 'exports.handler = async () => process.pid')
  const first = (await cloud.invoke('idle')).result
  cloud.clock.advance(30 * 60 * 1000)
  await until(() => !isAlive(first))
  expect((await cloud.invoke('idle')).result).not.toBe(first)
})

test('days later by the clock, instances still serve', async () => {
  await cloud.make('later', 'let n = 0; exports.handler = async () => ++n')
  cloud.clock.advance(3 * 24 * 60 * 60 * 1000)
  expect([(await cloud.invoke('later')).result, (await cloud.invoke('later')).result]).toEqual([1, 2])
})

test('an answer larger than six megabytes is an error', async () => {
  await cloud.make('large', `exports.handler = async e => 'x'.repeat(e.size)`)
  expect((await cloud.invoke('large', { size: 6_000_000 })).result).toHaveLength(6_000_000)
  expect(await cloud.invoke('large', { size: 6_300_000 })).toMatchObject({
    error: {
      errorType: 'Function.ResponseSizeTooLarge',
      errorMessage: 'Response payload size exceeded maximum allowed payload size (6291556 bytes).',
    },
  })
})

test('the API invokes, with the log on request, and describes', async () => {
  await cloud.make(
    'api',
    `exports.handler = async e => { console.log('hi'); if (e.fail) throw new Error('no'); return e }`,
    {
      Environment: { Variables: { AA: '1' } },
    },
  )
  const operation = (name: string) =>
    cloud.lambda.service.operations.find(one => one.name === name) as Operation
  const call = (
    name: string,
    { body = '', headers = {}, query = {} }: { body?: string; headers?: object; query?: object } = {},
  ) => {
    const input = { params: { functionName: 'api' }, query, body: Buffer.from(body) }
    const asked = {
      wire: { headers },
      principal: cloud.iam.learner,
      account: cloud.account,
    } as unknown as Call
    expect(operation(name).access(input, asked)).toMatchObject([{ resource: arn('api') }])
    return operation(name).run(input, asked) as any
  }
  const answer = await call('Invoke', { body: '{"a":1}', headers: { 'x-amz-log-type': 'Tail' } })
  expect(answer).toMatchObject({
    status: 200,
    body: '{"a":1}',
    headers: { 'x-amz-executed-version': '$LATEST' },
  })
  expect(Buffer.from(answer.headers['x-amz-log-result'], 'base64').toString()).toMatch(
    /^START [\s\S]*\tINFO\thi\n[\s\S]*REPORT/,
  )
  const failed = await call('Invoke', { body: '{"fail":1}' })
  expect(failed.headers['x-amz-function-error']).toBe('Unhandled')
  expect(JSON.parse(failed.body)).toMatchObject({ errorType: 'Error', errorMessage: 'no' })
  await expect(call('Invoke', { body: '{' })).rejects.toMatchObject({
    code: 'InvalidRequestContentException',
  })
  expect(await call('Invoke', { headers: { 'x-amz-invocation-type': 'DryRun' } })).toMatchObject({
    status: 204,
  })
  expect(call('GetFunction').Configuration).toEqual(call('GetFunctionConfiguration'))
  expect(call('GetFunctionConfiguration')).toMatchObject({
    FunctionArn: arn('api'),
    Timeout: 3,
    Environment: { Variables: { AA: '1' } },
  })
  expect(() => call('GetPolicy')).toThrow('The resource you requested does not exist.')
})

test('an event is run in its own time, and twice more if it fails', async () => {
  await cloud.make('event', `exports.handler = async () => { throw new Error('again') }`)
  const invoke = cloud.lambda.service.operations.find(one => one.name === 'Invoke')!
  const input = { params: { functionName: 'event' }, query: {}, body: Buffer.from('{}') }
  const wire = { headers: { 'x-amz-invocation-type': 'Event' } }
  expect(await invoke.run(input, { wire } as unknown as Call)).toMatchObject({ status: 202 })
  const runs = () =>
    cloud.events.history().filter(event => event.kind === 'invocation' && event.functionName === 'event')
      .length
  await until(() => runs() === 1)
  await settled()
  cloud.clock.advance(60_000)
  await until(() => runs() === 2)
  await settled()
  cloud.clock.advance(120_000)
  await until(() => runs() === 3)
  await settled()
  cloud.clock.advance(24 * 60 * 60_000)
  await settled()
  expect(runs()).toBe(3)
})

function isAlive(pid: number) {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
