import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { CreateTableCommand, UpdateTimeToLiveCommand } from '@aws-sdk/client-dynamodb'
import {
  CreateEventSourceMappingCommand,
  type CreateEventSourceMappingCommandInput,
  DeleteEventSourceMappingCommand,
  GetEventSourceMappingCommand,
  type LambdaClient,
  UpdateEventSourceMappingCommand,
} from '@aws-sdk/client-lambda'
import { BatchWriteCommand, DeleteCommand, PutCommand, ScanCommand } from '@aws-sdk/lib-dynamodb'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { whenIdle } from '../../../at-rest.ts'
import { startTrial, type Trial } from '../../../dynamodb/test-server.ts'
import { countWork } from '../../../work.ts'
import { doorForTests } from '../../door.fixture.ts'
import { lambdaForTests, trust, until } from '../../lambda.fixture.ts'

const work = countWork()
let cloud: Awaited<ReturnType<typeof lambdaForTests>>
let door: Awaited<ReturnType<typeof doorForTests>>
let client: LambdaClient
let dynamo: Trial
let made = 0
let name: string
let streamArn: string

beforeAll(async () => {
  cloud = await lambdaForTests({ streams: () => dynamo.dynamoDb.streams, work })
  dynamo = await startTrial(cloud.account, cloud.clock, cloud.events)
  door = await doorForTests(cloud)
  client = door.client()
  cloud.iam.createRole({
    name: 'reads-streams',
    trust,
    attached: ['arn:aws:iam::aws:policy/service-role/AWSLambdaDynamoDBExecutionRole'],
  })
  cloud.allow('reads-streams', { Effect: 'Allow', Action: 'sqs:SendMessage', Resource: '*' })
})
afterAll(async () => {
  door.stop()
  await cloud.stop()
  await dynamo.stop()
  expect(door.faults).toEqual([])
})
beforeEach(async () => {
  name = `follower-${made++}`
  const { TableDescription } = await dynamo.client.send(
    new CreateTableCommand({
      TableName: name,
      BillingMode: 'PAY_PER_REQUEST',
      KeySchema: [
        { AttributeName: 'room', KeyType: 'HASH' },
        { AttributeName: 'at', KeyType: 'RANGE' },
      ],
      AttributeDefinitions: [
        { AttributeName: 'room', AttributeType: 'S' },
        { AttributeName: 'at', AttributeType: 'N' },
      ],
      StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' },
    }),
  )
  streamArn = TableDescription!.LatestStreamArn!
})

/** What a handler begins with: it says which records it was given, by `at`. */
const SAYS = `const ats = event.Records.map(r => Number(r.dynamodb.Keys.at.N)); console.log('GOT ' + JSON.stringify(ats));`

const make = (body = '') =>
  cloud.make(name, `let n = 0; exports.handler = async event => { ${SAYS} n++; ${body} }`, {
    Role: cloud.roleArn('reads-streams'),
  })

const map = (settings: Partial<CreateEventSourceMappingCommandInput> = {}) =>
  client.send(
    new CreateEventSourceMappingCommand({
      FunctionName: name,
      EventSourceArn: streamArn,
      StartingPosition: 'TRIM_HORIZON',
      ...settings,
    }),
  )
const put = (at: number, more: object = {}) =>
  dynamo.documents.send(new PutCommand({ TableName: name, Item: { room: 'lobby', at, ...more } }))
const putAll = (...ats: number[]) =>
  dynamo.documents.send(
    new BatchWriteCommand({
      RequestItems: { [name]: ats.map(at => ({ PutRequest: { Item: { room: 'lobby', at } } })) },
    }),
  )

/** The records of each batch, in the order in which the function got them. */
const got = (): number[][] =>
  cloud
    .lines(name)
    .filter(line => line.includes('\tGOT '))
    .map(line => JSON.parse(line.slice(line.indexOf('GOT ') + 4)))
/** What comes of an invocation has come when nothing is under way. */
const settled = () => whenIdle(work)
/** Moves the clock on, and lets what falls due happen. */
async function advance(ms: number) {
  cloud.clock.advance(ms)
  await settled()
}

test("the function is given AWS's event", async () => {
  await cloud.make(
    name,
    `exports.handler = async event => { console.log('EVENT ' + JSON.stringify(event)) }`,
    {
      Role: cloud.roleArn('reads-streams'),
    },
  )
  await map()
  await put(1, { text: 'hello' })
  await settled()
  const line = cloud.lines(name).find(one => one.includes('EVENT '))!
  expect(JSON.parse(line.slice(line.indexOf('EVENT ') + 6))).toEqual({
    Records: [
      {
        eventID: expect.stringMatching(/^[0-9a-f]{32}$/),
        eventName: 'INSERT',
        eventVersion: '1.1',
        eventSource: 'aws:dynamodb',
        awsRegion: 'us-east-1',
        dynamodb: {
          ApproximateCreationDateTime: Math.floor(cloud.clock.now() / 1000),
          Keys: { room: { S: 'lobby' }, at: { N: '1' } },
          NewImage: { room: { S: 'lobby' }, at: { N: '1' }, text: { S: 'hello' } },
          SequenceNumber: expect.stringMatching(/^\d{21,40}$/),
          SizeBytes: expect.any(Number),
          StreamViewType: 'NEW_AND_OLD_IMAGES',
        },
        eventSourceARN: streamArn,
      },
    ],
  })
})

test('TRIM_HORIZON begins with the oldest record, LATEST with the next', async () => {
  await putAll(1, 2)
  await make()
  const { UUID } = await map({ StartingPosition: 'LATEST' })
  await settled()
  expect(got()).toEqual([])
  await put(3)
  await settled()
  expect(got()).toEqual([[3]])
  await client.send(new DeleteEventSourceMappingCommand({ UUID }))
  await map()
  await settled()
  expect(got().flat()).toEqual([3, 1, 2, 3])
})

test('one write is one cause: write, record, invocation', async () => {
  await make()
  await map()
  await put(1)
  await settled()
  const history = cloud.events.history()
  const written = history.find(event => event.kind === 'item' && event.tableName === name)!
  const invoked = history.find(event => event.kind === 'invoke' && event.functionName === name)!
  expect(invoked.causedBy).toBe(written.id)
})

test('a batch is as large as it may be, and waits for its window', async () => {
  await make()
  await map({ BatchSize: 2, MaximumBatchingWindowInSeconds: 20 })
  await put(1)
  await settled()
  expect(got()).toEqual([])
  await put(2)
  await put(3)
  await settled()
  expect(got()).toEqual([[1, 2]])
  await advance(19_000)
  expect(got()).toHaveLength(1)
  await advance(1_000)
  expect(got()).toEqual([[1, 2], [3]])
})

test('a batch that fails is tried again, and what is behind it waits', async () => {
  await make(`if (n < 3) throw new Error('not yet')`)
  await map({ BatchSize: 1 })
  await put(1)
  await put(2)
  await settled()
  expect(got()).toEqual([[1]])
  await advance(1_000)
  await advance(2_000)
  expect(got()).toEqual([[1], [1], [1], [2]])
})

test('after its last retry a batch is given up, and the destination is told where it is', async () => {
  const queue = await cloud.queue(`${name}-dead`)
  await make(`if (ats.includes(1)) throw new Error('never')`)
  await map({ MaximumRetryAttempts: 1, DestinationConfig: { OnFailure: { Destination: queue.arn } } })
  await putAll(1, 2)
  await settled()
  await put(3)
  await advance(1_000)
  expect(got()).toEqual([[1, 2], [1, 2], [3]])
  const [letter] = await queue.receive({ most: 10, waitSeconds: 20 })
  const at = new Date(cloud.clock.now() - 1_000).toISOString().replace(/\.\d+Z/, 'Z')
  expect(JSON.parse(letter!.body)).toEqual({
    requestContext: {
      requestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      functionArn: `arn:aws:lambda:us-east-1:123456789012:function:${name}`,
      condition: 'RetryAttemptsExhausted',
      approximateInvokeCount: 2,
    },
    responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' },
    version: '1.0',
    timestamp: new Date(cloud.clock.now()).toISOString(),
    DDBStreamBatchInfo: {
      shardId: expect.stringMatching(/^shardId-\d{20}-[0-9a-f]{8}$/),
      startSequenceNumber: expect.stringMatching(/^1\d{20}$/),
      endSequenceNumber: expect.stringMatching(/^2\d{20}$/),
      approximateArrivalOfFirstRecord: at,
      approximateArrivalOfLastRecord: at,
      batchSize: 2,
      streamArn,
    },
  })
})

test('a batch that is split finds the one bad record', async () => {
  const queue = await cloud.queue(`${name}-dead`)
  await make(`if (ats.includes(3)) throw new Error('bad')`)
  await map({
    BisectBatchOnFunctionError: true,
    MaximumRetryAttempts: 0,
    DestinationConfig: { OnFailure: { Destination: queue.arn } },
  })
  await putAll(1, 2, 3, 4)
  await settled()
  expect(got()).toEqual([[1, 2, 3, 4], [1, 2], [3, 4], [3], [4]])
  const letters = await queue.receive({ most: 10, waitSeconds: 20 })
  expect(letters.map(({ body }) => JSON.parse(body).DDBStreamBatchInfo.batchSize)).toEqual([1])
})

test('a function that reports failures gets the rest of the batch again, from the first failure on', async () => {
  await make(
    `if (n > 1) return; const failed = event.Records.find(r => r.dynamodb.Keys.at.N === '2')
     return { batchItemFailures: [{ itemIdentifier: failed.dynamodb.SequenceNumber }] }`,
  )
  await map({ FunctionResponseTypes: ['ReportBatchItemFailures'] })
  await putAll(1, 2, 3)
  await settled()
  await advance(1_000)
  expect(got()).toEqual([
    [1, 2, 3],
    [2, 3],
  ])
})

test('a record that is too old is given up', async () => {
  const queue = await cloud.queue(`${name}-dead`)
  await make(`if (ats.includes(1)) throw new Error('never')`)
  await map({ MaximumRecordAgeInSeconds: 60, DestinationConfig: { OnFailure: { Destination: queue.arn } } })
  await put(1)
  await settled()
  for (let passed = 0; passed < 130; passed += 10) await advance(10_000)
  await put(2)
  await settled()
  expect(got().at(-1)).toEqual([2])
  const [letter] = await queue.receive({ most: 10, waitSeconds: 20 })
  expect(JSON.parse(letter!.body).requestContext).toMatchObject({
    condition: 'RecordAgeExceeded',
    approximateInvokeCount: got().length - 1,
  })
})

test('batches run side by side, and each key keeps its order', async () => {
  await make(`await new Promise(resolve => setTimeout(resolve, 20))`)
  await map({ ParallelizationFactor: 4, BatchSize: 1 })
  for (const at of [1, 2, 3]) for (const room of ['a', 'b', 'c', 'd', 'e']) await put(at, { room })
  await settled()
  const order = cloud.events
    .history()
    .flatMap(event => (event.kind === 'invoke' && event.functionName === name ? [event.payload] : []))
    .map(payload => JSON.parse(payload).Records[0].dynamodb.Keys)
  expect(order).toHaveLength(15)
  for (const room of ['a', 'b', 'c', 'd', 'e'])
    expect(order.filter(keys => keys.room.S === room).map(keys => Number(keys.at.N))).toEqual([1, 2, 3])
})

test('a filter looks at the event and its images', async () => {
  await make()
  const pattern = { eventName: ['INSERT', 'MODIFY'], dynamodb: { NewImage: { kind: { S: ['order'] } } } }
  await map({ FilterCriteria: { Filters: [{ Pattern: JSON.stringify(pattern) }] } })
  await put(1, { kind: 'order' })
  await put(2, { kind: 'note' })
  await dynamo.documents.send(new DeleteCommand({ TableName: name, Key: { room: 'lobby', at: 1 } }))
  await put(3, { kind: 'order' })
  await settled()
  expect(got().flat()).toEqual([1, 3])
})

test('the end of a row’s time is a removal by DynamoDB, which a filter can tell', async () => {
  await make()
  const pattern = { userIdentity: { type: ['Service'], principalId: ['dynamodb.amazonaws.com'] } }
  await map({ FilterCriteria: { Filters: [{ Pattern: JSON.stringify(pattern) }] } })
  await dynamo.client.send(
    new UpdateTimeToLiveCommand({
      TableName: name,
      TimeToLiveSpecification: { AttributeName: 'until', Enabled: true },
    }),
  )
  await put(1, { until: Math.floor(cloud.clock.now() / 1000) + 60 })
  await put(2)
  await dynamo.documents.send(new DeleteCommand({ TableName: name, Key: { room: 'lobby', at: 2 } }))
  cloud.clock.advance(120_000)
  await dynamo.documents.send(new ScanCommand({ TableName: name }))
  await settled()
  expect(got()).toEqual([[1]])
})

test('a mapping is shown, switched off and on, and goes on where it was', async () => {
  await make()
  const { UUID, $metadata: _, ...created } = await map({ BatchSize: 7, MaximumRetryAttempts: 3 })
  const get = () => client.send(new GetEventSourceMappingCommand({ UUID }))
  expect(created).toMatchObject({
    EventSourceArn: streamArn,
    StartingPosition: 'TRIM_HORIZON',
    BatchSize: 7,
    MaximumBatchingWindowInSeconds: 0,
    ParallelizationFactor: 1,
    BisectBatchOnFunctionError: false,
    MaximumRetryAttempts: 3,
    MaximumRecordAgeInSeconds: -1,
    TumblingWindowInSeconds: 0,
    DestinationConfig: { OnFailure: {} },
    LastProcessingResult: 'No records processed',
    State: 'Creating',
  })
  await put(1)
  await settled()
  expect(await get()).toMatchObject({ State: 'Enabled', LastProcessingResult: 'OK' })
  const change = (changes: object) => client.send(new UpdateEventSourceMappingCommand({ UUID, ...changes }))
  await change({ Enabled: false })
  await put(2)
  await settled()
  expect(got()).toEqual([[1]])
  await change({ Enabled: true, BatchSize: 1 })
  await put(3)
  await settled()
  expect(got()).toEqual([[1], [2], [3]])
})

test('a function that is being changed under way gets nothing twice', async () => {
  const gate = join(cloud.guardian.temporaryFolder('wslab-gate-'), 'open')
  const isOpen = `process.getBuiltinModule('fs').existsSync(${JSON.stringify(gate)})`
  await make(`while (!${isOpen}) await new Promise(resolve => setTimeout(resolve, 5))`)
  const { UUID } = await map({ BatchSize: 2 })
  await putAll(1, 2, 3)
  await until(() => got().length === 1)
  await client.send(new UpdateEventSourceMappingCommand({ UUID, BatchSize: 10 }))
  await put(4)
  writeFileSync(gate, '')
  await settled()
  expect(got()).toEqual([
    [1, 2],
    [3, 4],
  ])
})

const refused = (message: string) => ({ name: 'InvalidParameterValueException', message })

test('a role that may not read streams is told so in the words of AWS', async () => {
  await cloud.make(name, 'exports.handler = async () => {}')
  await expect(map()).rejects.toMatchObject(
    refused(
      `Cannot access stream ${streamArn}. Please ensure the role can perform the GetRecords, GetShardIterator, DescribeStream, and ListStreams Actions on your stream in IAM.`,
    ),
  )
})

test.each(['GetRecords', 'GetShardIterator', 'DescribeStream', 'ListStreams'])(
  'a role without %s cannot read the stream',
  async left => {
    const actions = ['GetRecords', 'GetShardIterator', 'DescribeStream', 'ListStreams']
    const Action = actions.filter(action => action !== left).map(action => `dynamodb:${action}`)
    cloud.iam.createRole({ name: `without-${left}`, trust })
    const grant = (Action: readonly string[]) =>
      cloud.allow(`without-${left}`, { Effect: 'Allow', Action, Resource: `${streamArn}` })
    grant(Action)
    await cloud.make(name, 'exports.handler = async () => {}', { Role: cloud.roleArn(`without-${left}`) })
    await expect(map()).rejects.toThrow('Cannot access stream')
    grant([...Action, `dynamodb:${left}`])
    await map()
  },
)

test('a role that loses its permission gets no more, and goes on when it has it again', async () => {
  cloud.iam.createRole({ name: 'fickle', trust })
  const grant = (...Action: string[]) =>
    cloud.allow('fickle', { Effect: 'Allow', Action: ['logs:*', ...Action], Resource: '*' })
  grant('dynamodb:*')
  await cloud.make(name, `exports.handler = async event => { ${SAYS} }`, { Role: cloud.roleArn('fickle') })
  await map()
  grant()
  await put(1)
  await settled()
  expect(got()).toEqual([])
  const asked = cloud.events.history().findLast(event => event.kind === 'decision')
  expect(asked).toMatchObject({ action: 'dynamodb:GetRecords', resource: streamArn, allowed: false })
  grant('dynamodb:*')
  await advance(60_000)
  expect(got()).toEqual([[1]])
})

test('what is asked for wrongly is refused', async () => {
  await make()
  const cases: [object, string][] = [
    [
      { StartingPosition: undefined },
      "1 validation error detected: Value null at 'startingPosition' failed to satisfy constraint: Member must not be null.",
    ],
    [{ StartingPosition: 'AT_TIMESTAMP' }, 'Unsupported starting position'],
    [{ TumblingWindowInSeconds: 30 }, 'tumbling windows are not supported here'],
    [{ MaximumRecordAgeInSeconds: 30 }, 'MaximumRecordAgeInSeconds'],
    [{ ParallelizationFactor: 11 }, 'less than or equal to 10'],
    [{ ScalingConfig: { MaximumConcurrency: 2 } }, 'Unsupported ScalingConfig parameter'],
    [{ EventSourceArn: `${streamArn.slice(0, -3)}999` }, 'Stream not found'],
    [
      { DestinationConfig: { OnFailure: { Destination: 'arn:aws:sqs:us-east-1:123456789012:none' } } },
      'is invalid',
    ],
    [
      { DestinationConfig: { OnFailure: { Destination: 'arn:aws:s3:::bucket' } } },
      'S3 is no destination here',
    ],
  ]
  for (const [settings, message] of cases) await expect(map(settings)).rejects.toThrow(message)
  await map()
  await expect(map()).rejects.toMatchObject({ name: 'ResourceConflictException' })
})
