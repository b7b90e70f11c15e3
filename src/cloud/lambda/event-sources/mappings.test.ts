import {
  CreateEventSourceMappingCommand,
  type CreateEventSourceMappingCommandInput,
  DeleteEventSourceMappingCommand,
  GetEventSourceMappingCommand,
  type LambdaClient,
  ListEventSourceMappingsCommand,
  type ListEventSourceMappingsCommandInput,
  UpdateEventSourceMappingCommand,
  type UpdateEventSourceMappingCommandInput,
} from '@aws-sdk/client-lambda'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { doorForTests } from '../door.fixture.ts'
import { lambdaForTests } from '../lambda.fixture.ts'

let cloud: Awaited<ReturnType<typeof lambdaForTests>>
let door: Awaited<ReturnType<typeof doorForTests>>
let client: LambdaClient

beforeAll(async () => {
  cloud = await lambdaForTests()
  door = await doorForTests(cloud)
  client = door.client()
  await make('worker')
  await make('other')
  await cloud.queue('orders')
  await cloud.queue('orders.fifo', { FifoQueue: true })
})
afterAll(async () => {
  door.stop()
  await cloud.stop()
  expect(door.faults).toEqual([])
})

const make = (name: string, properties: object = {}) =>
  cloud.make(name, 'exports.handler = async () => {}', {
    Role: cloud.roleArn('reads-queues'),
    ...properties,
  })
const functionArn = (name: string) => `arn:aws:lambda:us-east-1:123456789012:function:${name}`
const queueArn = (name: string) => `arn:aws:sqs:us-east-1:123456789012:${name}`

const create = (settings: Partial<CreateEventSourceMappingCommandInput> = {}) =>
  client.send(
    new CreateEventSourceMappingCommand({
      FunctionName: 'worker',
      EventSourceArn: queueArn('orders'),
      ...settings,
    }),
  )
const get = (UUID: string | undefined) => client.send(new GetEventSourceMappingCommand({ UUID }))
const update = (UUID: string | undefined, changes: Omit<UpdateEventSourceMappingCommandInput, 'UUID'>) =>
  client.send(new UpdateEventSourceMappingCommand({ UUID, ...changes }))
const remove = (UUID: string | undefined) => client.send(new DeleteEventSourceMappingCommand({ UUID }))

test('a mapping is created, shown, changed and deleted', async () => {
  const { $metadata, ...created } = await create()
  const uuid = created.UUID
  expect($metadata.httpStatusCode).toBe(202)
  expect(created).toEqual({
    UUID: expect.stringMatching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/),
    EventSourceMappingArn: `arn:aws:lambda:us-east-1:123456789012:event-source-mapping:${uuid}`,
    BatchSize: 10,
    MaximumBatchingWindowInSeconds: 0,
    EventSourceArn: queueArn('orders'),
    FunctionArn: functionArn('worker'),
    FunctionResponseTypes: [],
    LastModified: expect.any(Date),
    State: 'Creating',
    StateTransitionReason: 'USER_INITIATED',
  })
  const { $metadata: _, ...shown } = await get(uuid)
  expect(shown).toEqual({ ...created, State: 'Enabled' })

  const FilterCriteria = { Filters: [{ Pattern: '{"body":{"kind":["order"]}}' }] }
  const settings = {
    BatchSize: 100,
    MaximumBatchingWindowInSeconds: 5,
    FunctionResponseTypes: ['ReportBatchItemFailures' as const],
    ScalingConfig: { MaximumConcurrency: 2 },
    FilterCriteria,
  }
  expect(await update(uuid, settings)).toMatchObject({ State: 'Updating', ...settings })
  expect(await update(uuid, { Enabled: false })).toMatchObject({ State: 'Disabling', BatchSize: 100 })
  expect(await get(uuid)).toMatchObject({ State: 'Disabled' })
  expect(await update(uuid, { Enabled: true, ScalingConfig: {}, FilterCriteria: {} })).toMatchObject({
    State: 'Enabling',
  })
  const { ScalingConfig, FilterCriteria: filters } = await get(uuid)
  expect([ScalingConfig, filters]).toEqual([undefined, undefined])

  const deleted = await remove(uuid)
  expect([deleted.$metadata.httpStatusCode, deleted.State]).toEqual([202, 'Deleting'])
  for (const call of [() => get(uuid), () => update(uuid, {}), () => remove(uuid)])
    await expect(call()).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
      $metadata: { httpStatusCode: 404 },
      message: 'The resource you requested does not exist.',
    })
})

test('a caller without permission is told so, whether there is such a mapping or not', async () => {
  cloud.iam.createRole({ name: 'stranger', trust: cloud.iam.role('writes-logs').trust })
  const { principal, expiration: _, ...keys } = cloud.sts.issue(cloud.roleArn('stranger'), 'me')
  const stranger = door.client(keys)
  const refusal = (action: string, resource: string) => ({
    name: 'AccessDeniedException',
    $metadata: { httpStatusCode: 403 },
    message: `User: ${principal.arn} is not authorized to perform: lambda:${action} on resource: ${resource} because no identity-based policy allows the lambda:${action} action`,
  })
  const create = new CreateEventSourceMappingCommand({
    FunctionName: 'worker',
    EventSourceArn: queueArn('orders'),
  })
  await expect(stranger.send(create)).rejects.toMatchObject(refusal('CreateEventSourceMapping', '*'))
  const UUID = '00000000-0000-4000-8000-000000000000'
  await expect(stranger.send(new GetEventSourceMappingCommand({ UUID }))).rejects.toMatchObject(
    refusal('GetEventSourceMapping', `arn:aws:lambda:us-east-1:123456789012:event-source-mapping:${UUID}`),
  )
  const Condition = { StringEquals: { 'lambda:FunctionArn': functionArn('worker') } }
  cloud.allow('stranger', {
    Effect: 'Allow',
    Action: 'lambda:*EventSourceMapping',
    Resource: '*',
    Condition,
  })
  const { UUID: made } = await stranger.send(create)
  await stranger.send(new DeleteEventSourceMappingCommand({ UUID: made }))
})

test('a mapping that is not enabled is created as such', async () => {
  const { UUID: uuid, State } = await create({ Enabled: false })
  expect(State).toBe('Disabled')
  await remove(uuid)
})

test('mappings are listed by function and by queue, page by page', async () => {
  await make('listed')
  await cloud.queue('more')
  const uuids: (string | undefined)[] = []
  for (const EventSourceArn of [queueArn('orders'), queueArn('orders.fifo'), queueArn('more')])
    uuids.push((await create({ FunctionName: 'listed', EventSourceArn })).UUID)
  const { UUID: another } = await create({ FunctionName: 'other' })

  const list = async (query: ListEventSourceMappingsCommandInput) => {
    const { EventSourceMappings = [], NextMarker } = await client.send(
      new ListEventSourceMappingsCommand(query),
    )
    return [EventSourceMappings.map(({ UUID }) => UUID), NextMarker]
  }
  expect(await list({ FunctionName: 'listed' })).toEqual([uuids, undefined])
  expect(await list({ FunctionName: functionArn('other') })).toEqual([[another], undefined])
  expect(await list({ EventSourceArn: queueArn('orders') })).toEqual([[uuids[0], another], undefined])
  expect(await list({ FunctionName: 'listed', MaxItems: 2 })).toEqual([uuids.slice(0, 2), uuids[2]])
  expect(await list({ FunctionName: 'listed', MaxItems: 2, Marker: uuids[2] })).toEqual([
    [uuids[2]],
    undefined,
  ])
  for (const uuid of [...uuids, another]) await remove(uuid)
})

test('one queue is read once for one function; a version counts as another', async () => {
  const { UUID: uuid } = await create()
  await expect(create({ FunctionName: functionArn('worker') })).rejects.toMatchObject({
    name: 'ResourceConflictException',
    $metadata: { httpStatusCode: 409 },
    message: `An event source mapping with SQS arn (" ${queueArn('orders')} ") and function (" worker ") already exists. Please update or delete the existing mapping with UUID ${uuid}`,
  })
  const { UUID: second, FunctionArn } = await create({ FunctionName: 'worker:$LATEST' })
  expect(FunctionArn).toBe(`${functionArn('worker')}:$LATEST`)
  for (const one of [uuid, second]) await remove(one)
})

test.each([
  ['a function that is not there', { FunctionName: 'nobody' }, 'Function does not exist'],
  ['no source', { EventSourceArn: undefined }, 'Unrecognized event source.'],
  [
    'a queue that is not there',
    { EventSourceArn: queueArn('nowhere') },
    'Error occurred while ReceiveMessage. SQS Error Code: AWS.SimpleQueueService.NonExistentQueue. SQS Error Message: The specified queue does not exist.',
  ],
  [
    'more than ten at once without a window',
    { BatchSize: 11 },
    'Maximum batch window in seconds must be greater than 0 if maximum batch size is greater than 10',
  ],
  [
    'a window for a FIFO queue',
    { EventSourceArn: queueArn('orders.fifo'), MaximumBatchingWindowInSeconds: 1 },
    'Batching window is not supported for FIFO queues',
  ],
  [
    'a pattern that is none',
    { FilterCriteria: { Filters: [{ Pattern: 'simple string' }] } },
    'Invalid filter pattern definition.',
  ],
  [
    'what streams have',
    { DestinationConfig: { OnFailure: {} } },
    'Unsupported DestinationConfig parameter for given event source mapping type.',
  ],
  [
    'another kind of source',
    { EventSourceArn: 'arn:aws:kinesis:us-east-1:123456789012:stream/s' },
    'Event source mappings of kinesis are not supported here: only SQS queues and DynamoDB streams are read.',
  ],
])('refused: %s', async (_, body, message) => {
  await expect(create(body as object)).rejects.toMatchObject({
    name: 'InvalidParameterValueException',
    $metadata: { httpStatusCode: 400 },
    message,
  })
})

test.each([
  [
    { BatchSize: 0 },
    "Value '0' at 'batchSize' failed to satisfy constraint: Member must have value greater than or equal to 1",
  ],
  [
    { BatchSize: 10_001 },
    "Value '10001' at 'batchSize' failed to satisfy constraint: Member must have value less than or equal to 10000",
  ],
  [{ MaximumBatchingWindowInSeconds: 301 }, "at 'maximumBatchingWindowInSeconds'"],
  [{ ScalingConfig: { MaximumConcurrency: 1 } }, "at 'scalingConfig.maximumConcurrency'"],
  [
    { FunctionName: undefined },
    "Value null at 'functionName' failed to satisfy constraint: Member must not be null",
  ],
  [{ FunctionResponseTypes: ['All'] }, "Value '[All]' at 'functionResponseTypes'"],
])('out of bounds: %j', async (body, message) => {
  const error = await create(body as object).catch(error => error)
  expect([error.name, error.message]).toEqual(['ValidationException', expect.stringContaining(message)])
})

test('the visibility timeout of the queue is not shorter than the time that the function has', async () => {
  await make('slow', { Timeout: 60 })
  await expect(create({ FunctionName: 'slow' })).rejects.toMatchObject({
    name: 'InvalidParameterValueException',
    message: 'Queue visibility timeout: 30 seconds is less than Function timeout: 60 seconds',
  })
})

test.each(['ReceiveMessage', 'DeleteMessage', 'GetQueueAttributes'])(
  'the role of the function must be allowed %s',
  async action => {
    const role = `lacks-${action}`
    cloud.iam.createRole({ name: role, trust: cloud.iam.role('writes-logs').trust })
    const others = ['ReceiveMessage', 'DeleteMessage', 'GetQueueAttributes'].filter(one => one !== action)
    cloud.allow(role, {
      Effect: 'Allow',
      Action: others.map(one => `sqs:${one}`),
      Resource: queueArn('orders'),
    })
    await make(role, { Role: cloud.roleArn(role) })
    await expect(create({ FunctionName: role })).rejects.toMatchObject({
      name: 'InvalidParameterValueException',
      message: `The provided execution role does not have permissions to call ${action} on SQS`,
    })
  },
)

test('the policy of the queue may be what allows it', async () => {
  cloud.iam.createRole({ name: 'invited', trust: cloud.iam.role('writes-logs').trust })
  await make('invited', { Role: cloud.roleArn('invited') })
  const { url } = await cloud.queue('open')
  const statement = {
    Effect: 'Allow',
    Principal: { AWS: cloud.roleArn('invited') },
    Action: ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'],
    Resource: queueArn('open'),
  }
  const PolicyDocument = { Version: '2012-10-17', Statement: [statement] }
  await cloud
    .resource('AWS::SQS::QueuePolicy')
    .create(cloud.request('Open', { Queues: [url], PolicyDocument }))
  const { UUID: uuid } = await create({ FunctionName: 'invited', EventSourceArn: queueArn('open') })
  await remove(uuid)
})

test('a template makes, changes and deletes a mapping', async () => {
  await make('templated')
  const resource = cloud.resource('AWS::Lambda::EventSourceMapping')
  const properties = { FunctionName: 'templated', EventSourceArn: queueArn('orders') }
  const made = await resource.create(cloud.request('Mapping', properties))
  const uuid = made.physicalId
  expect(made.attributes).toEqual({
    Id: uuid,
    EventSourceMappingArn: `arn:aws:lambda:us-east-1:123456789012:event-source-mapping:${uuid}`,
  })
  const changed = { ...properties, BatchSize: 1, Enabled: 'false' }
  await resource.update!(cloud.request('Mapping', changed), { ...made, properties })
  expect(await get(uuid)).toMatchObject({ BatchSize: 1, State: 'Disabled' })
  // What the template says no more is as it was without it.
  await resource.update!(cloud.request('Mapping', properties), { ...made, properties: changed })
  expect(await get(uuid)).toMatchObject({ BatchSize: 10, State: 'Enabled' })
  await resource.delete!({ ...made, properties, logicalId: 'Mapping' })
  await resource.delete!({ ...made, properties, logicalId: 'Mapping' })
  await expect(get(uuid)).rejects.toThrow('does not exist')
})

test('a template is told of sources that are not polled here before anything starts', () => {
  const { refuse, properties } = cloud.resource('AWS::Lambda::EventSourceMapping')
  expect(refuse!({ EventSourceArn: { 'Fn::GetAtt': ['Queue', 'Arn'] } })).toEqual([])
  expect(refuse!({ EventSourceArn: 'arn:aws:dynamodb:us-east-1:123456789012:table/t/stream/1' })).toEqual([])
  expect(refuse!({ EventSourceArn: 'arn:aws:kinesis:us-east-1:123456789012:stream/x' })).toEqual([
    'EventSourceArn: Event source mappings of kinesis are not supported here: only SQS queues and DynamoDB streams are read.',
  ])
  expect(refuse!({ TumblingWindowInSeconds: 60 })).toEqual([
    'TumblingWindowInSeconds: tumbling windows are not supported here',
  ])
  expect(properties).not.toHaveProperty('Topics')
})
