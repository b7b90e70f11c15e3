import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { Principal } from '../../iam/principal.ts'
import type { WireRequest } from '../../service.ts'
import type { Queue } from '../../sqs/queues.ts'
import { lambdaForTests, settled, until } from '../lambda.fixture.ts'

let cloud: Awaited<ReturnType<typeof lambdaForTests>>
let name: string
let n = 0
/** What was asked of SNS. */
const published: { principal: Principal; form: Record<string, string> }[] = []

beforeAll(async () => {
  cloud = await lambdaForTests({
    async callAs(principal, signingName, wire: WireRequest) {
      expect(signingName).toBe('sns')
      published.push({ principal, form: Object.fromEntries(new URLSearchParams(wire.body.toString())) })
      return { status: 200, headers: {}, body: '' }
    },
  })
  cloud.iam.createRole({ name: 'tells', trust: cloud.iam.role('writes-logs').trust })
  cloud.allow('tells', {
    Effect: 'Allow',
    Action: ['sqs:SendMessage', 'sns:Publish', 'lambda:InvokeFunction', 'logs:*'],
    Resource: '*',
  })
})
afterAll(() => cloud.stop())
beforeEach(() => {
  name = `queued-${n++}`
})

const functionArn = (name: string) => `arn:aws:lambda:us-east-1:123456789012:function:${name}`
const topicArn = 'arn:aws:sns:us-east-1:123456789012:topic'
const topics: Principal = { kind: 'service', service: 'sns.amazonaws.com' }

/** A function that fails as often as its event says. */
const make = (properties: object = {}) =>
  cloud.make(
    name,
    `let n = 0
     exports.handler = async event => { if (n++ < event.failures) throw new RangeError('try ' + n); return { n } }`,
    { Role: cloud.roleArn('tells'), ...properties },
  )
const configure = (properties: object) =>
  cloud
    .resource('AWS::Lambda::EventInvokeConfig')
    .create(cloud.request('Config', { FunctionName: name, Qualifier: '$LATEST', ...properties }))
const queueEvent = (event: object) =>
  cloud.lambda.queueEvent({
    functionName: name,
    payload: JSON.stringify(event),
    caller: cloud.iam.learner,
  })

const runs = () =>
  cloud.events.history().filter(event => event.kind === 'invocation' && event.functionName === name)
async function ran(times: number) {
  await until(() => runs().length === times)
  await cloud.lambda.settled()
  await settled()
}
const messagesIn = (queue: Queue) => queue.receive({ most: 10, waitSeconds: 0 })

test('a service needs permission from the function to queue an event, for its source', async () => {
  await make()
  const asked = { functionName: name, payload: '{}', caller: topics, sourceArn: topicArn }
  expect(() => cloud.lambda.queueEvent(asked)).toThrow(
    `User: sns.amazonaws.com is not authorized to perform: lambda:InvokeFunction on resource: ${functionArn(name)} because no resource-based policy allows the lambda:InvokeFunction action`,
  )
  await cloud.resource('AWS::Lambda::Permission').create(
    cloud.request('May', {
      FunctionName: name,
      Action: 'lambda:InvokeFunction',
      Principal: 'sns.amazonaws.com',
      SourceArn: topicArn,
    }),
  )
  const requestId = cloud.lambda.queueEvent(asked)
  await ran(2)
  expect(runs()).toMatchObject([{ outcome: 'refused' }, { outcome: 'returned', requestId }])
  expect(() => cloud.lambda.queueEvent({ ...asked, sourceArn: `${topicArn}-2` })).toThrow('not authorized')
  expect(() => cloud.lambda.queueEvent({ ...asked, functionName: 'nobody' })).toThrow('Function not found')
})

test('every try has the same request id, and the second comes after a minute, the third after two', async () => {
  await make()
  const requestId = queueEvent({ failures: 9 })
  await ran(1)
  cloud.clock.advance(59_999)
  await settled()
  expect(runs()).toHaveLength(1)
  cloud.clock.advance(1)
  await ran(2)
  cloud.clock.advance(120_000)
  await ran(3)
  cloud.clock.advance(24 * 3_600_000)
  await settled()
  expect(runs().map(({ requestId }: any) => requestId)).toEqual([requestId, requestId, requestId])
})

test('a record of a success goes to its destination', async () => {
  await make()
  const queue = await cloud.queue(name)
  await configure({ DestinationConfig: { OnSuccess: { Destination: queue.arn } } })
  const requestId = queueEvent({ failures: 1 })
  await ran(1)
  expect(await messagesIn(queue)).toEqual([])
  cloud.clock.advance(60_000)
  await ran(2)
  const [message] = await messagesIn(queue)
  expect(JSON.parse(message!.body)).toEqual({
    version: '1.0',
    timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
    requestContext: {
      requestId,
      functionArn: `${functionArn(name)}:$LATEST`,
      condition: 'Success',
      approximateInvokeCount: 2,
    },
    requestPayload: { failures: 1 },
    responseContext: { statusCode: 200, executedVersion: '$LATEST' },
    responsePayload: { n: 2 },
  })
})

test('a record of what was given up goes to its destination, and the event to the dead-letter queue', async () => {
  const records = await cloud.queue(name)
  const letters = await cloud.queue(`${name}-dead`)
  await make({ DeadLetterConfig: { TargetArn: letters.arn } })
  await configure({
    MaximumRetryAttempts: 0,
    DestinationConfig: { OnFailure: { Destination: records.arn } },
  })
  const requestId = queueEvent({ failures: 9 })
  await ran(1)
  const [record] = await messagesIn(records)
  expect(JSON.parse(record!.body)).toMatchObject({
    requestContext: { requestId, condition: 'RetriesExhausted', approximateInvokeCount: 1 },
    requestPayload: { failures: 9 },
    responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' },
    responsePayload: { errorType: 'RangeError', errorMessage: 'try 1' },
  })
  const [letter] = await messagesIn(letters)
  expect(letter).toMatchObject({
    body: '{"failures":9}',
    attributes: {
      RequestID: { DataType: 'String', StringValue: requestId },
      ErrorCode: { DataType: 'Number', StringValue: '200' },
      ErrorMessage: { DataType: 'String', StringValue: 'try 1' },
    },
  })
})

test('an event that would be too old is not tried again', async () => {
  const queue = await cloud.queue(name)
  await make()
  await configure({
    MaximumEventAgeInSeconds: 100,
    DestinationConfig: { OnFailure: { Destination: queue.arn } },
  })
  queueEvent({ failures: 9 })
  await ran(1)
  cloud.clock.advance(60_000)
  await ran(2)
  const [record] = await messagesIn(queue)
  expect(JSON.parse(record!.body).requestContext).toMatchObject({
    condition: 'EventAgeExceeded',
    approximateInvokeCount: 2,
  })
})

test('an event for which there is no room is tried again and again', async () => {
  await make({ ReservedConcurrentExecutions: 1 })
  const slow = await cloud.make(
    `${name}-slow`,
    'exports.handler = async () => new Promise(resolve => setTimeout(resolve, 300))',
    { ReservedConcurrentExecutions: 1 },
  )
  name = slow.physicalId
  queueEvent({})
  queueEvent({})
  await ran(2)
  cloud.clock.advance(1000)
  await ran(3)
  expect(runs().map(({ outcome }: any) => outcome)).toEqual(['refused', 'returned', 'returned'])
})

test('a function that is stopped by a reserved concurrency of none gives its events up at once', async () => {
  const queue = await cloud.queue(name)
  await make({ ReservedConcurrentExecutions: 0 })
  await configure({ DestinationConfig: { OnFailure: { Destination: queue.arn } } })
  queueEvent({ a: 1 })
  await ran(1)
  const [record] = await messagesIn(queue)
  expect(JSON.parse(record!.body)).toEqual({
    version: '1.0',
    timestamp: expect.any(String),
    requestContext: {
      requestId: expect.any(String),
      functionArn: `${functionArn(name)}:$LATEST`,
      condition: 'ZeroReservedConcurrency',
      approximateInvokeCount: 0,
    },
    requestPayload: { a: 1 },
  })
})

test('a function and a topic are destinations too', async () => {
  await cloud.make(
    `${name}-next`,
    `exports.handler = async event => { console.log('NEXT ' + event.requestContext.condition) }`,
  )
  await make()
  await configure({
    MaximumRetryAttempts: 0,
    DestinationConfig: {
      OnSuccess: { Destination: functionArn(`${name}-next`) },
      OnFailure: { Destination: topicArn },
    },
  })
  queueEvent({ failures: 1 })
  await ran(1)
  expect(published).toMatchObject([
    {
      principal: { arn: `arn:aws:sts::123456789012:assumed-role/tells/${name}` },
      form: {
        Action: 'Publish',
        Version: '2010-03-31',
        TopicArn: topicArn,
        Message: expect.stringContaining('"condition":"RetriesExhausted"'),
      },
    },
  ])
  queueEvent({ failures: 1 })
  await ran(2)
  await until(() => cloud.lines(`${name}-next`).some(line => line.endsWith('NEXT Success')))
})

test('a record is lost when the role may not send it any more', async () => {
  const queue = await cloud.queue(name)
  cloud.iam.createRole({ name, trust: cloud.iam.role('writes-logs').trust })
  cloud.allow(name, { Effect: 'Allow', Action: 'sqs:SendMessage', Resource: queue.arn })
  await make({ Role: cloud.roleArn(name) })
  await configure({ DestinationConfig: { OnSuccess: { Destination: queue.arn } } })
  cloud.allow(name, { Effect: 'Allow', Action: 'sqs:SendMessage', Resource: `${queue.arn}-2` })
  queueEvent({})
  await ran(1)
  expect(await messagesIn(queue)).toEqual([])
  expect(
    cloud.events
      .history()
      .filter(({ kind }) => kind === 'decision')
      .at(-1),
  ).toMatchObject({
    principal: `arn:aws:sts::123456789012:assumed-role/${name}/${name}`,
    action: 'sqs:SendMessage',
    resource: queue.arn,
    allowed: false,
  })
})

test('a function that has been deleted takes its events with it', async () => {
  await make()
  queueEvent({ failures: 9 })
  await ran(1)
  await cloud.resource('AWS::Lambda::Function').delete!({
    physicalId: name,
    attributes: {},
    properties: {},
    logicalId: 'F',
  })
  cloud.clock.advance(180_000)
  await settled()
  expect(runs()).toHaveLength(1)
})

test('a configuration is refused for what it cannot be', async () => {
  await make()
  await cloud.make(`${name}-silent`, 'exports.handler = async () => {}')
  const refused = async (properties: object, code: string, message: string) => {
    const error: any = await Promise.resolve()
      .then(() => configure(properties))
      .catch(error => error)
    expect([error.code, error.message]).toEqual([code, message])
  }
  const invalid = 'InvalidParameterValueException'
  const to = (Destination: string) => ({ DestinationConfig: { OnFailure: { Destination } } })
  await refused({}, invalid, 'You must specify at least one of error handling or destination setting.')
  await refused(to(functionArn(name)), invalid, "You can't specify the function as a destination for itself.")
  await refused(
    to(functionArn('nobody')),
    invalid,
    `The destination ARN ${functionArn('nobody')} is invalid.`,
  )
  await refused(
    { FunctionName: `${name}-silent`, ...to(functionArn(name)) },
    invalid,
    `The function's execution role does not have permissions to call InvokeFunction on ${functionArn(name)}`,
  )
  await refused(
    to('arn:aws:events:us-east-1:123456789012:event-bus/default'),
    invalid,
    'DestinationConfig: events is no destination here: sqs, sns and lambda are',
  )
  await refused(
    { MaximumRetryAttempts: 3 },
    'ValidationException',
    "1 validation error detected: Value '3' at 'maximumRetryAttempts' failed to satisfy constraint: Member must have value less than or equal to 2",
  )
  expect(cloud.resource('AWS::Lambda::EventInvokeConfig').refuse!(to('arn:aws:s3:::bucket'))).toEqual([
    'DestinationConfig.OnFailure: s3 is no destination here: sqs, sns and lambda are',
  ])
})

test('a dead-letter queue needs a role that may send to it', async () => {
  const queue = await cloud.queue(name)
  const withQueue = (TargetArn: string) =>
    make({ Role: cloud.roleArn('writes-logs'), DeadLetterConfig: { TargetArn } })
  await expect(withQueue(queue.arn)).rejects.toMatchObject({
    code: 'InvalidParameterValueException',
    message: 'The provided execution role does not have permissions to call SendMessage on SQS',
  })
  await expect(withQueue(topicArn)).rejects.toThrow('to call Publish on SNS')
  await expect(withQueue(functionArn('f'))).rejects.toThrow(
    `DeadLetterConfig: dead letters go to a queue or topic, not to ${functionArn('f')}`,
  )
})
