// Global indexes with keys of several attributes, asked by the SDK's own client.
import {
  CreateTableCommand,
  DescribeTableCommand,
  type KeySchemaElement,
  UpdateTableCommand,
} from '@aws-sdk/client-dynamodb'
import { PutCommand, QueryCommand, ScanCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTrial, type Trial } from './test-server.ts'

let trial: Trial
beforeAll(async () => {
  trial = await startTrial()
  await trial.client.send(new CreateTableCommand(table('matches', matches)))
  for (const item of items) {
    await trial.documents.send(new PutCommand({ TableName: 'matches', Item: item }))
  }
})
afterAll(() => trial.stop())

const keys = (partition: readonly string[], sort: readonly string[] = []): KeySchemaElement[] => [
  ...partition.map(AttributeName => ({ AttributeName, KeyType: 'HASH' as const })),
  ...sort.map(AttributeName => ({ AttributeName, KeyType: 'RANGE' as const })),
]
const matches = keys(['cup', 'region'], ['round', 'bracket', 'at'])
const types: Record<string, 'N'> = { round: 'N' }

function table(
  TableName: string,
  KeySchema: KeySchemaElement[],
  ProjectionType: 'ALL' | 'KEYS_ONLY' = 'ALL',
) {
  const names = new Set(['id', ...KeySchema.map(key => key.AttributeName!)])
  return {
    TableName,
    BillingMode: 'PAY_PER_REQUEST' as const,
    KeySchema: keys(['id']),
    AttributeDefinitions: [...names].map(AttributeName => ({
      AttributeName,
      AttributeType: types[AttributeName] ?? ('S' as const),
    })),
    GlobalSecondaryIndexes: [{ IndexName: 'byKeys', KeySchema, Projection: { ProjectionType } }],
  }
}

const match = (id: string, cup: string, region: string, round: number, bracket: string, at: string) => ({
  ...{ id, cup, region, round, bracket, at },
  note: `note ${id}`,
})
const items = [
  match('1', 'winter', 'eu', 10, 'upper', '2026-01'),
  match('2', 'winter', 'eu', 9, 'upper', '2026-02'),
  match('3', 'winter', 'eu', 9, 'lower', '2026-03'),
  match('4', 'winter', 'eu', 9, 'lower', '2026-01'),
  match('5', 'winter', 'na', 9, 'lower', '2026-01'),
  match('6', 'summer', 'eu', 9, 'lower', '2026-01'),
  { id: '7', cup: 'winter', region: 'eu', round: 9, bracket: 'lower' },
]

const query = (KeyConditionExpression: string, values: object, more: object = {}) =>
  trial.documents.send(
    new QueryCommand({
      TableName: 'matches',
      IndexName: 'byKeys',
      KeyConditionExpression: KeyConditionExpression.replace('region', '#region').replace('at ', '#at '),
      ...(KeyConditionExpression.includes('region')
        ? {
            ExpressionAttributeNames: {
              '#region': 'region',
              ...(KeyConditionExpression.includes('at ') ? { '#at': 'at' } : {}),
            },
          }
        : {}),
      ExpressionAttributeValues: values as Record<string, unknown>,
      ...more,
    }),
  )
const ids = async (condition: string, values: object, more?: object) =>
  (await query(condition, values, more)).Items!.map(item => item.id)

const both = 'cup = :c AND region = :r'
const winter = { ':c': 'winter', ':r': 'eu' }

test('an index has the items that have every attribute of its key, in the order of its sort attributes', async () => {
  expect(await ids(both, winter)).toEqual(['4', '3', '2', '1'])
  expect(await ids(both, winter, { ScanIndexForward: false })).toEqual(['1', '2', '3', '4'])
  const { Items } = await trial.documents.send(new ScanCommand({ TableName: 'matches', IndexName: 'byKeys' }))
  expect(Items!.map(item => item.id).sort()).toEqual(['1', '2', '3', '4', '5', '6'])
})

test('conditions go from left to right, and the last one may be a range', async () => {
  const nine = { ...winter, ':n': 9 }
  expect(await ids(`${both} AND round = :n`, nine)).toEqual(['4', '3', '2'])
  expect(await ids(`${both} AND round > :n`, nine)).toEqual(['1'])
  expect(await ids(`${both} AND round <= :n`, nine)).toEqual(['4', '3', '2'])
  expect(await ids(`${both} AND round < :n`, nine)).toEqual([])
  const lower = { ...nine, ':b': 'lower' }
  expect(await ids(`${both} AND round = :n AND bracket = :b`, lower)).toEqual(['4', '3'])
  expect(await ids(`${both} AND round = :n AND begins_with(bracket, :b)`, { ...nine, ':b': 'u' })).toEqual([
    '2',
  ])
  const dated = `${both} AND round = :n AND bracket = :b AND at `
  expect(await ids(`${dated}> :a`, { ...lower, ':a': '2026-01' })).toEqual(['3'])
  expect(await ids(`${dated}BETWEEN :a AND :z`, { ...lower, ':a': '2026-01', ':z': '2026-02' })).toEqual([
    '4',
  ])
  expect(await ids(`${dated}= :a`, { ...lower, ':a': '2026-03' })).toEqual(['3'])
  // The order of the conditions in the text is free.
  expect(await ids('round = :n AND region = :r AND bracket = :b AND cup = :c', lower)).toEqual(['4', '3'])
})

test('the older conditions know these keys too', async () => {
  const equal = (value: unknown) => ({ ComparisonOperator: 'EQ' as const, AttributeValueList: [value] })
  const { Items } = await trial.documents.send(
    new QueryCommand({
      TableName: 'matches',
      IndexName: 'byKeys',
      KeyConditions: {
        cup: equal('winter'),
        region: equal('eu'),
        round: { ComparisonOperator: 'GE', AttributeValueList: [10] },
      },
    }),
  )
  expect(Items!.map(item => item.id)).toEqual(['1'])
})

test('a page goes on where the last one ended, forwards and backwards', async () => {
  for (const ScanIndexForward of [true, false]) {
    const seen: string[] = []
    let from: Record<string, unknown> | undefined
    do {
      const page = await query(both, winter, { ScanIndexForward, Limit: 1, ExclusiveStartKey: from })
      seen.push(...page.Items!.map(item => item.id))
      from = page.LastEvaluatedKey
      if (from) expect(Object.keys(from).sort()).toEqual(['at', 'bracket', 'cup', 'id', 'region', 'round'])
    } while (from)
    expect(seen).toEqual(ScanIndexForward ? ['4', '3', '2', '1'] : ['1', '2', '3', '4'])
  }
})

test.each([
  ['cup = :c', { ':c': 'x' }, 'Query condition missed key schema element: region'],
  [`${both} AND bracket = :b`, { ...winter, ':b': 'x' }, 'Query condition missed key schema element: round'],
  [
    `${both} AND round > :n AND bracket = :b`,
    { ...winter, ':n': 1, ':b': 'x' },
    'Query key condition not supported',
  ],
  ['cup = :c AND region > :r', winter, 'Query key condition not supported'],
  [
    `${both} AND round = :n`,
    { ...winter, ':n': 'nine' },
    'One or more parameter values were invalid: Condition parameter type does not match schema type',
  ],
])('%s is refused', async (condition, values, message) => {
  await expect(query(condition, values)).rejects.toMatchObject({ name: 'ValidationException', message })
})

test('a filter must not name an attribute of the key', async () => {
  await expect(query(both, { ...winter, ':b': 'x' }, { FilterExpression: 'bracket = :b' })).rejects.toThrow(
    'Filter Expression can only contain non-primary key attributes: Primary key attribute: bracket',
  )
})

test('without such an index, three conditions are too many', async () => {
  await expect(
    query(`${both} AND round = :n`, { ...winter, ':n': 1 }, { IndexName: undefined }),
  ).rejects.toThrow('Conditions can be of length 1 or 2 only')
})

test('UpdateTable makes such an index of the items that are there, and a change of an item moves it', async () => {
  const { GlobalSecondaryIndexes, ...plain } = table('later', matches, 'KEYS_ONLY')
  await trial.client.send(
    new CreateTableCommand({ ...plain, AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }] }),
  )
  for (const Item of items) await trial.documents.send(new PutCommand({ TableName: 'later', Item }))
  await trial.client.send(
    new UpdateTableCommand({
      TableName: 'later',
      AttributeDefinitions: plain.AttributeDefinitions,
      GlobalSecondaryIndexUpdates: [{ Create: GlobalSecondaryIndexes[0] }],
    }),
  )
  const { Table } = await trial.client.send(new DescribeTableCommand({ TableName: 'later' }))
  expect(Table!.GlobalSecondaryIndexes![0]!.KeySchema).toEqual(matches)
  const inLater = { TableName: 'later' }
  expect(await ids(both, winter, inLater)).toEqual(['4', '3', '2', '1'])
  expect((await query(both, winter, { ...inLater, Limit: 1 })).Items).toEqual([
    { id: '4', cup: 'winter', region: 'eu', round: 9, bracket: 'lower', at: '2026-01' },
  ])

  const update = (id: string, UpdateExpression: string, values?: Record<string, unknown>) =>
    trial.documents.send(
      new UpdateCommand({
        ...inLater,
        Key: { id },
        UpdateExpression,
        ...(UpdateExpression.includes('#at') ? { ExpressionAttributeNames: { '#at': 'at' } } : {}),
        ...(values ? { ExpressionAttributeValues: values } : {}),
      }),
    )
  await update('7', 'SET #at = :a', { ':a': '2026-02' })
  await update('1', 'REMOVE bracket')
  expect(await ids(both, winter, inLater)).toEqual(['4', '7', '3', '2'])
  await expect(update('2', 'SET round = :n', { ':n': 'nine' })).rejects.toThrow(
    'Type mismatch for Index Key round Expected: N Actual: S IndexName: byKeys',
  )
})

const prefix = 'One or more parameter values were invalid: '
test.each([
  [
    keys(['a', 'b', 'c', 'd', 'e']),
    `${prefix}The KeySchema exceeds the maximum allowed number of HASH key attributes`,
  ],
  [
    keys(['a'], ['b', 'c', 'd', 'e', 'f']),
    `${prefix}The KeySchema exceeds the maximum allowed number of RANGE key attributes`,
  ],
  [
    [...keys(['a'], ['b']), ...keys(['c'])],
    `${prefix}All HASH key attributes must precede RANGE key attributes in the KeySchema`,
  ],
  [keys(['a', 'a']), 'The KeySchema contains multiple key attributes with the same name'],
  [keys([], ['a', 'b']), 'Invalid KeySchema: The first KeySchemaElement is not a HASH key type'],
])('a key that is not possible is refused', async (KeySchema, message) => {
  const made = trial.client.send(new CreateTableCommand(table('never', KeySchema)))
  await expect(made).rejects.toMatchObject({ name: 'ValidationException', message })
})

test('keys may have four attributes of each kind, but those of a table only one', async () => {
  const eight = keys(['a', 'b', 'c', 'd'], ['e', 'f', 'g', 'h'])
  const { TableDescription } = await trial.client.send(new CreateTableCommand(table('eight', eight)))
  expect(TableDescription!.GlobalSecondaryIndexes![0]!.KeySchema).toEqual(eight)
  const { GlobalSecondaryIndexes, ...plain } = table('three', keys(['a', 'b']))
  await expect(
    trial.client.send(new CreateTableCommand({ ...plain, KeySchema: keys(['a', 'b'], ['id']) })),
  ).rejects.toThrow('Member must have length less than or equal to 2')
})
