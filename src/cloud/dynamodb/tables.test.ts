import {
  CreateTableCommand,
  type CreateTableCommandInput,
  DeleteTableCommand,
  DescribeTableCommand,
  ListTablesCommand,
  ListTagsOfResourceCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateTableCommand,
} from '@aws-sdk/client-dynamodb'
import { PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { startTrial, type Trial } from './test-server.ts'

const account = {
  accountId: '210987654321',
  region: 'cn-north-1',
  partition: 'aws-cn',
  urlSuffix: 'amazonaws.com.cn',
}
const arn = (table: string) => `arn:aws-cn:dynamodb:cn-north-1:210987654321:table/${table}`

let trial: Trial
let made = 0
let TableName: string

beforeAll(async () => {
  trial = await startTrial(account)
})
afterAll(() => trial.stop())
beforeEach(() => {
  TableName = `table-${made++}`
})

const create = (more: Partial<CreateTableCommandInput> = {}) =>
  trial.client.send(
    new CreateTableCommand({
      TableName,
      BillingMode: 'PAY_PER_REQUEST',
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
      ...more,
    }),
  )
const describe = async () => (await trial.client.send(new DescribeTableCommand({ TableName }))).Table!
const byWho = {
  IndexName: 'byWho',
  KeySchema: [{ AttributeName: 'who', KeyType: 'HASH' as const }],
  Projection: { ProjectionType: 'ALL' as const },
}
const who = { AttributeName: 'who', AttributeType: 'S' as const }
const id = { AttributeName: 'id', AttributeType: 'S' as const }

test('ARNs name partition, region and account', async () => {
  await create({ AttributeDefinitions: [id, who], GlobalSecondaryIndexes: [byWho] })
  const table = await describe()
  expect(table.TableArn).toBe(arn(TableName))
  expect(table.GlobalSecondaryIndexes?.[0]?.IndexArn).toBe(`${arn(TableName)}/index/byWho`)
})

test('a table is CREATING when it is made, ACTIVE when asked, and dated by the cloud’s clock', async () => {
  trial.clock.advance(24 * 60 * 60_000)
  const before = trial.clock.now()
  const { TableDescription } = await create()
  expect(TableDescription?.TableStatus).toBe('CREATING')
  const table = await describe()
  expect(table.TableStatus).toBe('ACTIVE')
  expect(table.BillingModeSummary?.BillingMode).toBe('PAY_PER_REQUEST')
  expect(table.CreationDateTime!.getTime()).toBeGreaterThanOrEqual(before - 1)
})

test('a name can be used once, and again when its table is gone', async () => {
  await create()
  await expect(create()).rejects.toMatchObject({
    name: 'ResourceInUseException',
    message: `Table already exists: ${TableName}`,
  })
  await trial.documents.send(new PutCommand({ TableName, Item: { id: 'a' } }))
  await trial.client.send(new DeleteTableCommand({ TableName }))
  await expect(describe()).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
    message: `Requested resource not found: Table: ${TableName} not found`,
  })
  await create({
    KeySchema: [{ AttributeName: 'who', KeyType: 'HASH' }],
    AttributeDefinitions: [who],
  })
  // The new table's key is another: what is told of its items uses the new one.
  await trial.documents.send(new PutCommand({ TableName, Item: { who: 'ana' } }))
  expect(trial.events.history().at(-1)).toMatchObject({ change: 'INSERT', keys: { who: { S: 'ana' } } })
})

test('tables are listed in pages', async () => {
  for (const name of ['zz-1', 'zz-2', 'zz-3']) {
    TableName = name
    await create()
  }
  const page = (ExclusiveStartTableName: string) =>
    trial.client.send(new ListTablesCommand({ Limit: 2, ExclusiveStartTableName }))
  const first = await page('zz-0')
  expect(first).toMatchObject({ TableNames: ['zz-1', 'zz-2'], LastEvaluatedTableName: 'zz-2' })
  const last = await page('zz-2')
  expect(last.TableNames).toEqual(['zz-3'])
  expect(last.LastEvaluatedTableName).toBeUndefined()
})

test('tags are given with a table, added, listed and taken away', async () => {
  await create({ Tags: [{ Key: 'a', Value: '1' }] })
  const ResourceArn = arn(TableName)
  await trial.client.send(new TagResourceCommand({ ResourceArn, Tags: [{ Key: 'b', Value: '2' }] }))
  await trial.client.send(new UntagResourceCommand({ ResourceArn, TagKeys: ['a'] }))
  const { Tags } = await trial.client.send(new ListTagsOfResourceCommand({ ResourceArn }))
  expect(Tags).toEqual([{ Key: 'b', Value: '2' }])
})

test('a protected table is not deleted until it is protected no longer', async () => {
  await create({ DeletionProtectionEnabled: true })
  expect((await describe()).DeletionProtectionEnabled).toBe(true)
  await expect(trial.client.send(new DeleteTableCommand({ TableName }))).rejects.toMatchObject({
    name: 'ValidationException',
    message:
      'Resource cannot be deleted as it is currently protected against deletion. Disable deletion protection first.',
  })
  await trial.client.send(new UpdateTableCommand({ TableName, DeletionProtectionEnabled: false }))
  await trial.client.send(new DeleteTableCommand({ TableName }))
})

test('an index that is made later holds what was there before, and goes when it is dropped', async () => {
  await create()
  for (let i = 0; i < 30; i++) {
    const Item = { id: `i${i}`, ...(i % 3 ? { who: i % 3 === 1 ? 'ana' : 7 } : {}) }
    await trial.documents.send(new PutCommand({ TableName, Item }))
  }
  await trial.client.send(
    new UpdateTableCommand({
      TableName,
      AttributeDefinitions: [id, who],
      GlobalSecondaryIndexUpdates: [{ Create: byWho }],
    }),
  )
  const find = () =>
    trial.documents.send(
      new QueryCommand({
        TableName,
        IndexName: 'byWho',
        KeyConditionExpression: 'who = :who',
        ExpressionAttributeValues: { ':who': 'ana' },
      }),
    )
  expect((await find()).Count).toBe(10)
  await trial.documents.send(new PutCommand({ TableName, Item: { id: 'new', who: 'ana' } }))
  expect((await find()).Count).toBe(11)
  expect((await describe()).GlobalSecondaryIndexes).toMatchObject([
    { IndexName: 'byWho', IndexStatus: 'ACTIVE', IndexArn: `${arn(TableName)}/index/byWho` },
  ])

  const drop = () =>
    trial.client.send(
      new UpdateTableCommand({
        TableName,
        GlobalSecondaryIndexUpdates: [{ Delete: { IndexName: 'byWho' } }],
      }),
    )
  await drop()
  await expect(find()).rejects.toMatchObject({
    name: 'ValidationException',
    message: 'The table does not have the specified index: byWho',
  })
  await expect(drop()).rejects.toMatchObject({ name: 'ResourceNotFoundException' })
})

test('two indexes at once are too many', async () => {
  await create()
  await expect(
    trial.client.send(
      new UpdateTableCommand({
        TableName,
        AttributeDefinitions: [id, who],
        GlobalSecondaryIndexUpdates: [{ Create: byWho }, { Create: { ...byWho, IndexName: 'again' } }],
      }),
    ),
  ).rejects.toMatchObject({ name: 'LimitExceededException' })
})

test('throughput and billing are changed', async () => {
  await create()
  await trial.client.send(
    new UpdateTableCommand({
      TableName,
      BillingMode: 'PROVISIONED',
      ProvisionedThroughput: { ReadCapacityUnits: 3, WriteCapacityUnits: 4 },
    }),
  )
  expect(await describe()).toMatchObject({
    TableStatus: 'ACTIVE',
    BillingModeSummary: { BillingMode: 'PROVISIONED' },
    ProvisionedThroughput: { ReadCapacityUnits: 3, WriteCapacityUnits: 4 },
  })
})

test('an update of nothing is refused in the words of AWS', async () => {
  await create()
  await expect(trial.client.send(new UpdateTableCommand({ TableName }))).rejects.toMatchObject({
    name: 'ValidationException',
    message: expect.stringContaining('is required'),
  })
})

test('GlobalTableSourceArn is refused by name', async () => {
  const name = 'GlobalTableSourceArn'
  await expect(create({ [name]: 'arn:aws:dynamodb:x' })).rejects.toMatchObject({
    name: 'ValidationException',
    message: `${name} is not supported by the local cloud`,
  })
})

test('an attribute defined and not used is refused', async () => {
  await expect(
    create({
      AttributeDefinitions: [id, who, { AttributeName: 'x', AttributeType: 'S' }],
      GlobalSecondaryIndexes: [byWho],
    }),
  ).rejects.toMatchObject({
    name: 'ValidationException',
    message:
      'One or more parameter values were invalid: Some AttributeDefinitions are not used. ' +
      'AttributeDefinitions: [id, who, x], keys used: [id, who]',
  })
})
