import { afterAll, expect, test } from 'vitest'
import { defaultAccount } from '../account.ts'
import { stillClock } from '../clock.ts'
import { eventStream } from '../events.ts'
import { startDynamoDb } from './dynamodb.ts'

const clock = stillClock()
const dynamoDb = startDynamoDb({
  account: defaultAccount,
  clock,
  events: eventStream(clock.now),
  creationMs: 200,
})
afterAll(() => dynamoDb.stop())

const call = async (name: string, input: object): Promise<any> =>
  dynamoDb.service.operations.find(one => one.name === name)!.run(input, {} as never)
const byWho = {
  IndexName: 'byWho',
  KeySchema: [{ AttributeName: 'who', KeyType: 'HASH' }],
  Projection: { ProjectionType: 'ALL' },
}
const table = (TableName: string, more: object = {}) => ({
  TableName,
  BillingMode: 'PAY_PER_REQUEST',
  KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
  AttributeDefinitions: [
    { AttributeName: 'id', AttributeType: 'S' },
    { AttributeName: 'who', AttributeType: 'S' },
  ],
  GlobalSecondaryIndexes: [byWho],
  ...more,
})
const Item = { id: { S: 'a' } }

test('a table is CREATING for a moment, and its items are not found until it is ACTIVE', async () => {
  const TableName = 'fresh'
  const { TableDescription } = await call('CreateTable', table(TableName))
  const describe = async () => (await call('DescribeTable', { TableName })).Table

  const early = await describe()
  expect(early).toMatchObject({
    TableStatus: 'CREATING',
    GlobalSecondaryIndexes: [{ IndexStatus: 'CREATING' }],
  })
  expect(early).not.toHaveProperty('WarmThroughput')
  const notFound = { code: 'ResourceNotFoundException', message: 'Requested resource not found' }
  const put = { Put: { TableName, Item } }
  const tooEarly: readonly (readonly [string, object])[] = [
    ['PutItem', { TableName, Item }],
    ['PutItem', { TableName: `arn:aws:dynamodb:us-east-1:123456789012:table/${TableName}`, Item }],
    ['Scan', { TableName }],
    ['BatchWriteItem', { RequestItems: { [TableName]: [{ PutRequest: { Item } }] } }],
    ['TransactWriteItems', { TransactItems: [put] }],
  ]
  for (const [name, input] of tooEarly) await expect(call(name, input), name).rejects.toMatchObject(notFound)
  for (const name of ['UpdateTable', 'DeleteTable']) {
    await expect(call(name, { TableName })).rejects.toMatchObject({
      code: 'ResourceInUseException',
      message: `Attempt to change a resource which is still in use: Table is being created: ${TableName}`,
    })
  }

  await expect.poll(async () => (await describe()).TableStatus).toBe('ACTIVE')
  await call('PutItem', { TableName, Item })
  expect(TableDescription.TableId).toBe((await describe()).TableId)
})

test('DescribeTable and DeleteTable have the members that AWS shows', async () => {
  const TableName = 'shown'
  const { TableDescription: created } = await call('CreateTable', table(TableName))
  await expect.poll(async () => (await call('DescribeTable', { TableName })).Table.TableStatus).toBe('ACTIVE')
  const { Table: described } = await call('DescribeTable', { TableName })
  const { TableDescription: deleted } = await call('DeleteTable', { TableName })

  const always = [
    'BillingModeSummary',
    'DeletionProtectionEnabled',
    'GlobalSecondaryIndexes',
    'ItemCount',
    'ProvisionedThroughput',
    'TableArn',
    'TableId',
    'TableName',
    'TableSizeBytes',
    'TableStatus',
  ]
  const whole = [...always, 'AttributeDefinitions', 'CreationDateTime', 'KeySchema']
  expect(Object.keys(created).sort()).toEqual([...whole].sort())
  expect(Object.keys(described).sort()).toEqual([...whole, 'WarmThroughput'].sort())
  expect(Object.keys(deleted).sort()).toEqual(always.filter(name => name !== 'GlobalSecondaryIndexes'))
  expect(created.TableId).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/)
  expect(created.BillingModeSummary).toEqual({ BillingMode: 'PAY_PER_REQUEST' })
  expect(described.BillingModeSummary).toHaveProperty('LastUpdateToPayPerRequestDateTime')
  const warm = { ReadUnitsPerSecond: 12_000, WriteUnitsPerSecond: 4000, Status: 'ACTIVE' }
  expect(described.WarmThroughput).toEqual(warm)
  expect(described.GlobalSecondaryIndexes[0].WarmThroughput).toEqual(warm)
})

test('NOT takes a condition, not an attribute', async () => {
  await call('CreateTable', table('flags'))
  await expect
    .poll(async () => (await call('DescribeTable', { TableName: 'flags' })).Table.TableStatus)
    .toBe('ACTIVE')
  await expect(call('Scan', { TableName: 'flags', FilterExpression: 'NOT flag' })).rejects.toThrow(
    'Invalid FilterExpression: Syntax error; token: "<EOF>", near: "flag"',
  )
})
