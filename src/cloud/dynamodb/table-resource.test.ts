import {
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
  ListTagsOfResourceCommand,
} from '@aws-sdk/client-dynamodb'
import { PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { Properties } from '../cloudformation/properties.ts'
import type { Physical } from '../cloudformation/resource.ts'
import { startTrial, type Trial } from './test-server.ts'

let trial: Trial
let made = 0
let name: string

beforeAll(async () => {
  trial = await startTrial()
})
afterAll(() => trial.stop())
beforeEach(() => {
  name = `stack-Table-${made++}`
})

const type = (name = 'AWS::DynamoDB::Table') =>
  trial.dynamoDb.resources.find(resource => resource.type === name)!
const request = (properties: Properties) => ({
  stackName: 'stack',
  logicalId: 'Table',
  properties,
  inventName: () => name,
})
const create = (properties: Properties, of?: string) => type(of).create(request(properties))
const update = (before: Properties, after: Properties, existing: Physical) =>
  type().update!(request(after), { ...existing, properties: before })
const remove = (existing: Physical, properties: Properties = {}) =>
  type().delete!({ ...existing, properties, logicalId: 'Table' })
const describe = async () => (await trial.client.send(new DescribeTableCommand({ TableName: name }))).Table!

/** What CDK's Table makes. */
const plain = {
  KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
  AttributeDefinitions: [
    { AttributeName: 'id', AttributeType: 'S' },
    { AttributeName: 'who', AttributeType: 'S' },
  ],
  GlobalSecondaryIndexes: [
    {
      IndexName: 'byWho',
      KeySchema: [{ AttributeName: 'who', KeyType: 'HASH' }],
      Projection: { ProjectionType: 'ALL' },
      ProvisionedThroughput: { ReadCapacityUnits: '5', WriteCapacityUnits: 5 },
    },
  ],
  ProvisionedThroughput: { ReadCapacityUnits: '5', WriteCapacityUnits: 5 },
}
const { GlobalSecondaryIndexes: _, ...withoutIndex } = {
  ...plain,
  AttributeDefinitions: plain.AttributeDefinitions.slice(0, 1),
}

test('a table is made under the name invented for it; Ref is the name, Arn its ARN', async () => {
  const physical = await create(plain)
  expect(physical.physicalId).toBe(name)
  expect(physical.attributes.Arn).toBe(`arn:aws:dynamodb:us-east-1:123456789012:table/${name}`)
  expect(await describe()).toMatchObject({
    TableStatus: 'ACTIVE',
    ProvisionedThroughput: { ReadCapacityUnits: 5, WriteCapacityUnits: 5 },
  })
})

test('a name in the template is taken as it is, and twice it fails with the reason', async () => {
  const properties = { ...withoutIndex, TableName: `named-${made}` }
  expect((await create(properties)).physicalId).toBe(`named-${made}`)
  await expect(create(properties)).rejects.toThrow(`Table already exists: named-${made}`)
})

test('time to live, tags and protection come with the table', async () => {
  await create({
    ...withoutIndex,
    BillingMode: 'PROVISIONED',
    TimeToLiveSpecification: { AttributeName: 'until', Enabled: true },
    Tags: [{ Key: 'a', Value: 'b' }],
    DeletionProtectionEnabled: 'true',
    SSESpecification: { SSEEnabled: true },
    TableClass: 'STANDARD_INFREQUENT_ACCESS',
  })
  const { TimeToLiveDescription } = await trial.client.send(
    new DescribeTimeToLiveCommand({ TableName: name }),
  )
  expect(TimeToLiveDescription).toEqual({ TimeToLiveStatus: 'ENABLED', AttributeName: 'until' })
  const table = await describe()
  expect(table).toMatchObject({
    DeletionProtectionEnabled: true,
    SSEDescription: { Status: 'ENABLED' },
    TableClassSummary: { TableClass: 'STANDARD_INFREQUENT_ACCESS' },
  })
  const { Tags } = await trial.client.send(new ListTagsOfResourceCommand({ ResourceArn: table.TableArn }))
  expect(Tags).toEqual([{ Key: 'a', Value: 'b' }])
})

test('a protected table is not deleted; taken off protection, it is', async () => {
  const properties = { ...withoutIndex, DeletionProtectionEnabled: true }
  const physical = await create(properties)
  await expect(remove(physical)).rejects.toThrow(/currently protected against deletion/)
  await update(properties, withoutIndex, physical)
  await remove(physical)
  await expect(describe()).rejects.toThrow(/not found/)
})

test('deleting a table that somebody has deleted already succeeds', async () => {
  const physical = await create(withoutIndex)
  await remove(physical)
  await remove(physical)
})

test('an index is added to a table with items in it, and taken away', async () => {
  const physical = await create(withoutIndex)
  await trial.documents.send(new PutCommand({ TableName: name, Item: { id: 'a', who: 'ana' } }))
  await update(withoutIndex, plain, physical)
  const { Items } = await trial.documents.send(
    new QueryCommand({
      TableName: name,
      IndexName: 'byWho',
      KeyConditionExpression: 'who = :who',
      ExpressionAttributeValues: { ':who': 'ana' },
    }),
  )
  expect(Items).toEqual([{ id: 'a', who: 'ana' }])
  await update(plain, withoutIndex, physical)
  expect((await describe()).GlobalSecondaryIndexes).toBeUndefined()
})

test('one index at a time, and none is changed under its name', async () => {
  const physical = await create(plain)
  const [index] = plain.GlobalSecondaryIndexes
  const swapped = { ...plain, GlobalSecondaryIndexes: [{ ...index, IndexName: 'other' }] }
  await expect(update(plain, swapped, physical)).rejects.toThrow(
    'Cannot perform more than one GSI creation or deletion in a single update',
  )
  const changed = {
    ...plain,
    GlobalSecondaryIndexes: [{ ...index, Projection: { ProjectionType: 'KEYS_ONLY' } }],
  }
  await expect(update(plain, changed, physical)).rejects.toThrow(/^Cannot update GSI's properties other than/)
  expect((await describe()).GlobalSecondaryIndexes).toHaveLength(1)
})

test('billing, time to live and tags are changed in place', async () => {
  const before = {
    ...withoutIndex,
    TimeToLiveSpecification: { AttributeName: 'old', Enabled: true },
    Tags: [
      { Key: 'a', Value: '1' },
      { Key: 'b', Value: '2' },
    ],
  }
  const { ProvisionedThroughput: _, ...rest } = before
  const after = {
    ...rest,
    BillingMode: 'PAY_PER_REQUEST',
    TimeToLiveSpecification: { AttributeName: 'new', Enabled: true },
    Tags: [{ Key: 'b', Value: '3' }],
  }
  const physical = await create(before)
  const { TableId } = await describe()
  await update(before, after, physical)
  const table = await describe()
  expect(table).toMatchObject({ TableId, BillingModeSummary: { BillingMode: 'PAY_PER_REQUEST' } })
  const { TimeToLiveDescription } = await trial.client.send(
    new DescribeTimeToLiveCommand({ TableName: name }),
  )
  expect(TimeToLiveDescription?.AttributeName).toBe('new')
  const { Tags } = await trial.client.send(new ListTagsOfResourceCommand({ ResourceArn: table.TableArn }))
  expect(Tags).toEqual([{ Key: 'b', Value: '3' }])
})

test('keys, local indexes and names replace; imports and the like are not there to be given', () => {
  const { properties } = type()
  expect([properties.KeySchema, properties.LocalSecondaryIndexes, properties.TableName]).toEqual([
    'replace',
    'replace',
    'replace',
  ])
  for (const name of ['ImportSourceSpecification', 'KinesisStreamSpecification']) {
    expect(properties).not.toHaveProperty(name)
  }
})

test('a stream comes, goes and comes anew with the template, and GetAtt gives its ARN', async () => {
  const on = (StreamViewType: string) => ({ ...withoutIndex, StreamSpecification: { StreamViewType } })
  const made = await create(on('NEW_IMAGE'))
  const first = await describe()
  expect(made.attributes.StreamArn).toBe(first.LatestStreamArn)
  expect(first).toMatchObject({
    StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_IMAGE' },
    LatestStreamArn: `${made.attributes.Arn}/stream/${first.LatestStreamLabel}`,
    LatestStreamLabel: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}$/),
  })

  await expect(update(on('NEW_IMAGE'), on('KEYS_ONLY'), made)).rejects.toThrow(
    `Table already has an enabled stream: TableName: ${name}`,
  )
  // That is rolled back, and nothing has happened.
  await update(on('KEYS_ONLY'), on('NEW_IMAGE'), made)
  expect(await describe()).toEqual(first)

  const without = await update(on('NEW_IMAGE'), withoutIndex, made)
  expect(without.attributes).not.toHaveProperty('StreamArn')
  const off = await describe()
  expect(off).not.toHaveProperty('StreamSpecification')
  expect(off.LatestStreamArn).toBe(first.LatestStreamArn)

  const again = await update(withoutIndex, on('KEYS_ONLY'), without)
  expect(again.attributes.StreamArn).not.toBe(first.LatestStreamArn)
  expect((await describe()).StreamSpecification?.StreamViewType).toBe('KEYS_ONLY')
})

test('a global table has a stream too', async () => {
  const made = await create(
    { ...globalTable, StreamSpecification: { StreamViewType: 'NEW_AND_OLD_IMAGES' } },
    'AWS::DynamoDB::GlobalTable',
  )
  expect(made.attributes.StreamArn).toBe((await describe()).LatestStreamArn)
})

test('a policy of the stream is refused by name', () => {
  const StreamSpecification = { StreamViewType: 'KEYS_ONLY', ResourcePolicy: { PolicyDocument: {} } }
  expect(type().refuse!({ ...withoutIndex, StreamSpecification })).toEqual([
    'StreamSpecification: ResourcePolicy is not supported by the local cloud',
  ])
})

test('a template that is wrong fails in the words of DynamoDB', async () => {
  await expect(create({ ...withoutIndex, AttributeDefinitions: [] })).rejects.toThrow(
    /Some index key attribute have no definition/,
  )
  await expect(create({ ...withoutIndex, BillingMode: 'PAY_PER_REQUEST' })).rejects.toThrow(
    /Neither ReadCapacityUnits nor WriteCapacityUnits can be specified/,
  )
})

/** What CDK's TableV2 makes. */
const globalTable = {
  KeySchema: plain.KeySchema,
  AttributeDefinitions: plain.AttributeDefinitions,
  BillingMode: 'PAY_PER_REQUEST',
  GlobalSecondaryIndexes: [
    {
      IndexName: 'byWho',
      KeySchema: [{ AttributeName: 'who', KeyType: 'HASH' }],
      Projection: { ProjectionType: 'ALL' },
    },
  ],
  Replicas: [
    {
      Region: 'us-east-1',
      Tags: [{ Key: 'a', Value: 'b' }],
      GlobalSecondaryIndexes: [{ IndexName: 'byWho' }],
    },
  ],
}

test('a global table with one replica here is a table', async () => {
  const physical = await create(globalTable, 'AWS::DynamoDB::GlobalTable')
  expect(physical.physicalId).toBe(name)
  const table = await describe()
  expect(physical.attributes).toEqual({ Arn: table.TableArn, TableId: table.TableId })
  expect(table.GlobalSecondaryIndexes).toHaveLength(1)
  expect(type('AWS::DynamoDB::GlobalTable').refuse!(globalTable)).toEqual([])
})

test('a replica whose region turns out to be another fails the table', async () => {
  const elsewhere = { ...globalTable, Replicas: [{ Region: 'eu-west-1' }] }
  await expect(create(elsewhere, 'AWS::DynamoDB::GlobalTable')).rejects.toThrow(
    'Replicas: a replica in eu-west-1; the local cloud is us-east-1',
  )
})

test('a provisioned global table has the least it is ever scaled to', async () => {
  const scaled = (MinCapacity: number) => ({ MinCapacity, MaxCapacity: 100 })
  await create(
    {
      ...globalTable,
      BillingMode: 'PROVISIONED',
      WriteProvisionedThroughputSettings: { WriteCapacityAutoScalingSettings: scaled(2) },
      GlobalSecondaryIndexes: [
        {
          ...globalTable.GlobalSecondaryIndexes[0],
          WriteProvisionedThroughputSettings: { WriteCapacityAutoScalingSettings: scaled(3) },
        },
      ],
      Replicas: [
        {
          Region: 'us-east-1',
          ReadProvisionedThroughputSettings: { ReadCapacityUnits: 4 },
          GlobalSecondaryIndexes: [
            { IndexName: 'byWho', ReadProvisionedThroughputSettings: { ReadCapacityUnits: 5 } },
          ],
        },
      ],
    },
    'AWS::DynamoDB::GlobalTable',
  )
  expect(await describe()).toMatchObject({
    ProvisionedThroughput: { ReadCapacityUnits: 4, WriteCapacityUnits: 2 },
    GlobalSecondaryIndexes: [{ ProvisionedThroughput: { ReadCapacityUnits: 5, WriteCapacityUnits: 3 } }],
  })
})

test('further replicas, other regions and what a replica may not have are refused by name, all at once', () => {
  const Replicas = [
    { Region: { Ref: 'AWS::Region' } },
    { Region: 'eu-west-1', KinesisStreamSpecification: { StreamArn: 'arn' } },
  ]
  expect(type('AWS::DynamoDB::GlobalTable').refuse!({ ...globalTable, Replicas })).toEqual([
    'Replicas: 2 replicas; the local cloud has one region, so a table has one replica',
    'Replicas: a replica in eu-west-1; the local cloud is us-east-1',
    'Replicas: KinesisStreamSpecification is not supported by the local cloud',
  ])
})

test('a template may give an index a key of several attributes, and its order is part of the index', async () => {
  const keys = ['who', 'id'].map(AttributeName => ({ AttributeName, KeyType: 'HASH' }))
  const long = { ...plain.GlobalSecondaryIndexes[0]!, KeySchema: keys }
  const properties = { ...plain, GlobalSecondaryIndexes: [long] }
  const existing = await create(properties)
  expect((await describe()).GlobalSecondaryIndexes![0]!.KeySchema).toEqual(keys)
  const turned = { ...properties, GlobalSecondaryIndexes: [{ ...long, KeySchema: keys.toReversed() }] }
  await expect(update(properties, turned, existing)).rejects.toThrow("Cannot update GSI's properties")
})
