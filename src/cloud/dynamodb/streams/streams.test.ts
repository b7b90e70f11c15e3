import {
  CreateTableCommand,
  DeleteTableCommand,
  DescribeTableCommand,
  type StreamViewType,
  TransactWriteItemsCommand,
  UpdateTableCommand,
  UpdateTimeToLiveCommand,
} from '@aws-sdk/client-dynamodb'
import {
  DescribeStreamCommand,
  GetRecordsCommand,
  GetShardIteratorCommand,
  type GetShardIteratorCommandInput,
  ListStreamsCommand,
} from '@aws-sdk/client-dynamodb-streams'
import {
  BatchWriteCommand,
  DeleteCommand,
  PutCommand,
  ScanCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { startTrial, type Trial } from '../test-server.ts'

const HOUR = 60 * 60_000
let trial: Trial
let made = 0
let TableName: string

beforeAll(async () => {
  trial = await startTrial()
})
afterAll(() => trial.stop())
beforeEach(() => {
  TableName = `rooms-${made++}`
})

/** Makes the table, with a stream unless told otherwise; answers with the stream's ARN. */
async function make(StreamViewType: StreamViewType | undefined = 'NEW_AND_OLD_IMAGES') {
  const { TableDescription } = await trial.client.send(
    new CreateTableCommand({
      TableName,
      BillingMode: 'PAY_PER_REQUEST',
      KeySchema: [{ AttributeName: 'Id', KeyType: 'HASH' }],
      AttributeDefinitions: [{ AttributeName: 'Id', AttributeType: 'N' }],
      StreamSpecification: { StreamEnabled: true, StreamViewType },
    }),
  )
  return TableDescription!.LatestStreamArn!
}

const switchStream = (StreamEnabled: boolean, StreamViewType?: StreamViewType) =>
  trial.client.send(
    new UpdateTableCommand({
      TableName,
      StreamSpecification: { StreamEnabled, ...(StreamViewType ? { StreamViewType } : {}) },
    }),
  )
const describeTable = async () => (await trial.client.send(new DescribeTableCommand({ TableName }))).Table!
const describe = async (StreamArn: string) =>
  (await trial.streams.send(new DescribeStreamCommand({ StreamArn }))).StreamDescription!
const put = (Item: object) => trial.documents.send(new PutCommand({ TableName, Item }))
const remove = (Id: number) => trial.documents.send(new DeleteCommand({ TableName, Key: { Id } }))

async function iterator(
  StreamArn: string,
  ShardIteratorType: GetShardIteratorCommandInput['ShardIteratorType'] = 'TRIM_HORIZON',
  SequenceNumber?: string,
) {
  const ShardId = (await describe(StreamArn)).Shards![0]!.ShardId
  const input = { StreamArn, ShardId, ShardIteratorType, SequenceNumber }
  return (await trial.streams.send(new GetShardIteratorCommand(input))).ShardIterator!
}

const read = (ShardIterator: string, Limit?: number) =>
  trial.streams.send(new GetRecordsCommand({ ShardIterator, Limit }))
const records = async (arn: string) => (await read(await iterator(arn))).Records!
const namesOf = async (arn: string) => (await records(arn)).map(({ eventName }) => eventName)

test("records are AWS's: an item that comes, changes and goes", async () => {
  const arn = await make()
  await put({ Id: 101, Message: 'New item!' })
  await put({ Id: 101, Message: 'This item has changed' })
  await remove(101)
  const [Keys, first, second] = [
    { Id: { N: '101' } },
    { Id: { N: '101' }, Message: { S: 'New item!' } },
    { Id: { N: '101' }, Message: { S: 'This item has changed' } },
  ]
  const common = {
    eventID: expect.stringMatching(/^[0-9a-f]{32}$/),
    eventVersion: '1.1',
    eventSource: 'aws:dynamodb',
    awsRegion: 'us-east-1',
  }
  const inAll = {
    ApproximateCreationDateTime: new Date(Math.floor(trial.clock.now() / 1000) * 1000),
    Keys,
    SequenceNumber: expect.stringMatching(/^\d{21,40}$/),
    StreamViewType: 'NEW_AND_OLD_IMAGES',
  }
  // The sizes are those of AWS's example of these three records.
  expect(await records(arn)).toEqual([
    { ...common, eventName: 'INSERT', dynamodb: { ...inAll, NewImage: first, SizeBytes: 26 } },
    {
      ...common,
      eventName: 'MODIFY',
      dynamodb: { ...inAll, NewImage: second, OldImage: first, SizeBytes: 59 },
    },
    { ...common, eventName: 'REMOVE', dynamodb: { ...inAll, OldImage: second, SizeBytes: 38 } },
  ])
})

test.each([
  ['KEYS_ONLY', [[], [], []]],
  ['NEW_IMAGE', [['NewImage'], ['NewImage'], []]],
  ['OLD_IMAGE', [[], ['OldImage'], ['OldImage']]],
  ['NEW_AND_OLD_IMAGES', [['NewImage'], ['NewImage', 'OldImage'], ['OldImage']]],
] as const)('%s shows the images of its name, where there are any', async (viewType, images) => {
  const arn = await make(viewType)
  await put({ Id: 1, a: 1 })
  await put({ Id: 1, a: 2 })
  await remove(1)
  const shown = (await records(arn)).map(({ dynamodb }) =>
    Object.keys(dynamodb!).filter(name => name.endsWith('Image')),
  )
  expect(shown).toEqual(images)
})

test('a write that changes nothing leaves no record, and neither does the removal of nothing', async () => {
  const arn = await make()
  await put({ Id: 1, tags: new Set(['a', 'b']), deep: { list: [1, { x: null }] } })
  await put({ Id: 1, tags: new Set(['b', 'a']), deep: { list: [1, { x: null }] } })
  await trial.documents.send(
    new UpdateCommand({
      TableName,
      Key: { Id: 1 },
      UpdateExpression: 'SET deep = :d',
      ExpressionAttributeValues: { ':d': { list: [1, { x: null }] } },
    }),
  )
  await remove(2)
  await put({ Id: 1, tags: new Set(['b', 'a']), deep: { list: [{ x: null }, 1] } })
  expect(await namesOf(arn)).toEqual(['INSERT', 'MODIFY'])
})

test('batches and transactions leave records; a cancelled transaction leaves none', async () => {
  const arn = await make()
  await trial.documents.send(
    new BatchWriteCommand({
      RequestItems: { [TableName]: [1, 2].map(Id => ({ PutRequest: { Item: { Id } } })) },
    }),
  )
  const step = (Id: string, condition: string) => ({
    Put: {
      TableName,
      Item: { Id: { N: Id }, n: { N: '7' } },
      ConditionExpression: `attribute_${condition}(Id)`,
    },
  })
  const transact = (...TransactItems: ReturnType<typeof step>[]) =>
    trial.client.send(new TransactWriteItemsCommand({ TransactItems }))
  await transact(step('1', 'exists'), step('3', 'not_exists'))
  await expect(transact(step('4', 'not_exists'), step('2', 'not_exists'))).rejects.toThrow()
  const seen = (await records(arn)).map(({ eventName, dynamodb }) => [eventName, dynamodb!.Keys!.Id!.N])
  expect(seen.slice(0, 2).sort()).toEqual([
    ['INSERT', '1'],
    ['INSERT', '2'],
  ])
  expect(seen.slice(2)).toEqual([
    ['MODIFY', '1'],
    ['INSERT', '3'],
  ])
})

test('an item whose time is over is removed by DynamoDB, and its record says so', async () => {
  const arn = await make('OLD_IMAGE')
  await trial.client.send(
    new UpdateTimeToLiveCommand({
      TableName,
      TimeToLiveSpecification: { AttributeName: 'until', Enabled: true },
    }),
  )
  await put({ Id: 1, until: Math.floor(trial.clock.now() / 1000) + 60 })
  await put({ Id: 2 })
  trial.clock.advance(120_000)
  await trial.documents.send(new ScanCommand({ TableName }))
  await remove(2)
  const removed = (await records(arn)).filter(({ eventName }) => eventName === 'REMOVE')
  expect(removed.map(({ userIdentity }) => userIdentity)).toEqual([
    { PrincipalId: 'dynamodb.amazonaws.com', Type: 'Service' },
    undefined,
  ])
})

test('iterators begin at the oldest record, behind the newest, at one and behind one', async () => {
  const arn = await make('KEYS_ONLY')
  for (const Id of [1, 2, 3]) await put({ Id })
  const numbers = (await records(arn)).map(({ dynamodb }) => dynamodb!.SequenceNumber!)
  expect([...numbers].sort((a, b) => (BigInt(a) < BigInt(b) ? -1 : 1))).toEqual(numbers)
  const at = await iterator(arn, 'AT_SEQUENCE_NUMBER', numbers[1])
  const after = await iterator(arn, 'AFTER_SEQUENCE_NUMBER', numbers[1])
  const latest = await iterator(arn, 'LATEST')
  await put({ Id: 4 })
  const ids = async (text: string) => (await read(text)).Records!.map(({ dynamodb }) => dynamodb!.Keys!.Id!.N)
  expect(await ids(await iterator(arn))).toEqual(['1', '2', '3', '4'])
  expect(await ids(at)).toEqual(['2', '3', '4'])
  expect(await ids(after)).toEqual(['3', '4'])
  expect(await ids(latest)).toEqual(['4'])
})

test('GetRecords gives as many as asked for, and where to go on', async () => {
  const arn = await make('KEYS_ONLY')
  for (const Id of [1, 2, 3]) await put({ Id })
  const first = await read(await iterator(arn), 2)
  expect(first.Records).toHaveLength(2)
  const second = await read(first.NextShardIterator!)
  expect(second.Records).toHaveLength(1)
  const third = await read(second.NextShardIterator!)
  expect(third.Records).toEqual([])
  expect(third.NextShardIterator).toBeDefined()
})

test('a stream that is switched off can be read to its end for a day', async () => {
  const arn = await make('KEYS_ONLY')
  await put({ Id: 1 })
  await switchStream(false)
  await put({ Id: 2 })
  const table = await describeTable()
  expect([table.StreamSpecification, table.LatestStreamArn]).toEqual([undefined, arn])
  expect(await describe(arn)).toMatchObject({
    StreamStatus: 'DISABLED',
    Shards: [{ SequenceNumberRange: { EndingSequenceNumber: expect.any(String) } }],
  })
  const { Records, NextShardIterator } = await read(await iterator(arn))
  expect(Records).toHaveLength(1)
  expect(NextShardIterator).toBeUndefined()

  await switchStream(true, 'NEW_IMAGE')
  const { LatestStreamArn } = await describeTable()
  expect(LatestStreamArn).not.toBe(arn)
  const { Streams } = await trial.streams.send(new ListStreamsCommand({ TableName }))
  expect(Streams!.map(({ StreamArn }) => StreamArn)).toEqual([arn, LatestStreamArn])
  trial.clock.advance(25 * HOUR)
  await expect(describe(arn)).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
    message: `Requested resource not found: Stream: ${arn} not found`,
  })
})

test('a stream outlives its table, and a new table of the name begins without one', async () => {
  const arn = await make('OLD_IMAGE')
  await put({ Id: 1 })
  await trial.client.send(new DeleteTableCommand({ TableName }))
  expect(await namesOf(arn)).toEqual(['INSERT'])
  const again = await make('OLD_IMAGE')
  expect(again).not.toBe(arn)
  expect(await namesOf(again)).toEqual([])
})

test('records are kept for a day, and iterators for fifteen minutes', async () => {
  const arn = await make('KEYS_ONLY')
  await put({ Id: 1 })
  const [{ dynamodb }] = (await records(arn)) as any
  const old = await iterator(arn)
  trial.clock.advance(16 * 60_000)
  await expect(read(old)).rejects.toMatchObject({ name: 'ExpiredIteratorException' })
  trial.clock.advance(24 * HOUR)
  await put({ Id: 2 })
  expect((await records(arn)).map(record => record.dynamodb!.Keys!.Id!.N)).toEqual(['2'])
  await expect(iterator(arn, 'AT_SEQUENCE_NUMBER', dynamodb.SequenceNumber)).rejects.toMatchObject({
    name: 'TrimmedDataAccessException',
  })
})

test('a stream is switched in the words of AWS', async () => {
  await make('NEW_IMAGE')
  const refused = (message: string) => ({ name: 'ValidationException', message })
  const already = refused(`Table already has an enabled stream: TableName: ${TableName}`)
  await expect(switchStream(true, 'NEW_IMAGE')).rejects.toMatchObject(already)
  await expect(switchStream(true, 'KEYS_ONLY')).rejects.toMatchObject(already)
  const invalid = 'One or more parameter values were invalid: '
  await expect(switchStream(true)).rejects.toMatchObject(
    refused(`${invalid}If stream is being enabled then UpdateViewType is required`),
  )
  await expect(switchStream(false, 'KEYS_ONLY')).rejects.toMatchObject(
    refused(`${invalid}If stream is being disabled, then UpdateViewType must not be specified`),
  )
  await switchStream(false)
  await expect(switchStream(false)).rejects.toMatchObject(
    refused(`Table has no stream to disable: TableName: ${TableName}`),
  )
})

test('what is no stream, shard, place or type is refused', async () => {
  const arn = await make('KEYS_ONLY')
  const ShardId = (await describe(arn)).Shards![0]!.ShardId!
  const ask = (input: object) =>
    trial.streams.send(
      new GetShardIteratorCommand({ StreamArn: arn, ShardId, ShardIteratorType: 'LATEST', ...input }),
    )
  const SequenceNumber = '1'.repeat(30)
  for (const input of [
    { StreamArn: 'x'.repeat(40) },
    { ShardIteratorType: 'EARLIEST' },
    { SequenceNumber },
    { ShardIteratorType: 'AT_SEQUENCE_NUMBER' },
    { ShardIteratorType: 'AT_SEQUENCE_NUMBER', SequenceNumber },
  ]) {
    await expect(ask(input), JSON.stringify(input)).rejects.toMatchObject({ name: 'ValidationException' })
  }
  await expect(ask({ ShardId: `shardId-${'0'.repeat(30)}` })).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
  })
  await expect(read('no iterator at all')).rejects.toMatchObject({
    name: 'ValidationException',
    message: 'Invalid ShardIterator',
  })
  await expect(trial.streams.send(new ListStreamsCommand({ Limit: 101 }))).rejects.toMatchObject({
    name: 'ValidationException',
  })
})
