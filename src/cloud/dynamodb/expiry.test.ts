import {
  CreateTableCommand,
  DescribeTimeToLiveCommand,
  UpdateTimeToLiveCommand,
} from '@aws-sdk/client-dynamodb'
import { DeleteCommand, GetCommand, PutCommand, ScanCommand } from '@aws-sdk/lib-dynamodb'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { defaultAccount } from '../account.ts'
import { movableClock } from '../clock.ts'
import { startTrial, type Trial } from './test-server.ts'

let trial: Trial
let made = 0
let TableName: string

beforeAll(async () => {
  trial = await startTrial()
})
afterAll(() => trial.stop())
beforeEach(() => make())

async function make() {
  TableName = `sessions-${made++}`
  await trial.client.send(
    new CreateTableCommand({
      TableName,
      BillingMode: 'PAY_PER_REQUEST',
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
    }),
  )
}

const HOUR = 60 * 60_000
const inMs = (ms: number) => Math.floor((trial.clock.now() + ms) / 1000)
const enable = (AttributeName = 'until', Enabled = true) =>
  trial.client.send(
    new UpdateTimeToLiveCommand({ TableName, TimeToLiveSpecification: { AttributeName, Enabled } }),
  )
const put = (id: string, until: unknown) =>
  trial.documents.send(new PutCommand({ TableName, Item: { id, until } }))
const ids = async () =>
  (await trial.documents.send(new ScanCommand({ TableName }))).Items?.map(item => item.id).sort()

test('items go when their time has come by the cloud’s clock, and not before', async () => {
  await enable()
  await put('soon', inMs(HOUR))
  await put('later', inMs(2 * HOUR))
  await put('never', undefined)
  trial.clock.advance(HOUR - 2_000)
  expect(await ids()).toEqual(['later', 'never', 'soon'])
  trial.clock.advance(3_000)
  expect(await ids()).toEqual(['later', 'never'])
  trial.clock.advance(HOUR)
  expect(await ids()).toEqual(['never'])
})

test('an expired item is an event of removal', async () => {
  await enable()
  await put('a', inMs(HOUR))
  trial.clock.advance(HOUR + 2_000)
  await ids()
  const removed = trial.events
    .history()
    .filter(event => event.kind === 'item' && event.tableName === TableName && event.change === 'REMOVE')
  expect(removed).toMatchObject([{ keys: { id: { S: 'a' } } }])
})

test('who is given more time stays, and who is deleted is not deleted again', async () => {
  await enable()
  await put('a', inMs(HOUR))
  await put('b', inMs(HOUR))
  await put('a', inMs(3 * HOUR))
  await trial.documents.send(new DeleteCommand({ TableName, Key: { id: 'b' } }))
  await put('b', 'no longer a time')
  trial.clock.advance(2 * HOUR)
  expect(await ids()).toEqual(['a', 'b'])
})

test('a time brought forward is kept', async () => {
  await enable()
  await put('a', inMs(3 * HOUR))
  await put('a', inMs(HOUR))
  trial.clock.advance(HOUR + 2_000)
  expect(await ids()).toEqual([])
})

test('only numbers count, and no time more than five years past: milliseconds never come, and zero is too old', async () => {
  await enable()
  await put('text', String(inMs(HOUR)))
  await put('ms', inMs(HOUR) * 1000)
  await put('zero', 0)
  await put('past', inMs(-HOUR))
  trial.clock.advance(48 * HOUR)
  expect(await ids()).toEqual(['ms', 'text', 'zero'])
})

test('items that were there before time to live was enabled expire too', async () => {
  await put('a', inMs(HOUR))
  await enable()
  trial.clock.advance(HOUR + 2_000)
  expect(await ids()).toEqual([])
})

test('after it is disabled nothing expires', async () => {
  await enable()
  await put('a', inMs(HOUR))
  await enable('until', false)
  trial.clock.advance(2 * HOUR)
  expect(await ids()).toEqual(['a'])
})

test('a table tells whether and by what its items expire', async () => {
  const describe = async () =>
    (await trial.client.send(new DescribeTimeToLiveCommand({ TableName }))).TimeToLiveDescription
  expect(await describe()).toEqual({ TimeToLiveStatus: 'DISABLED' })
  await enable()
  expect(await describe()).toEqual({ TimeToLiveStatus: 'ENABLED', AttributeName: 'until' })
})

test('enabling twice and disabling twice are refused', async () => {
  await expect(enable('until', false)).rejects.toMatchObject({
    name: 'ValidationException',
    message: 'TimeToLive is already disabled',
  })
  await enable()
  await expect(enable()).rejects.toMatchObject({ message: 'TimeToLive is already enabled' })
  await expect(enable('other')).rejects.toMatchObject({ name: 'ValidationException' })
})

test('an item expires in real time as well', async () => {
  const still = trial
  trial = await startTrial(defaultAccount, movableClock())
  try {
    await make()
    await enable()
    await put('a', inMs(1_000))
    await expect
      .poll(async () => (await trial.documents.send(new GetCommand({ TableName, Key: { id: 'a' } }))).Item)
      .toBeUndefined()
  } finally {
    await trial.stop()
    trial = still
  }
})
