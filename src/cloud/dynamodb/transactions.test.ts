import {
  CreateTableCommand,
  TransactionCanceledException,
  type TransactWriteItem,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb'
import {
  GetCommand,
  PutCommand,
  QueryCommand,
  ScanCommand,
  TransactGetCommand,
  TransactWriteCommand,
} from '@aws-sdk/lib-dynamodb'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { startTrial, type Trial } from './test-server.ts'

let trial: Trial
let made = 0
let TableName: string

beforeAll(async () => {
  trial = await startTrial()
})
afterAll(() => trial.stop())
beforeEach(async () => {
  TableName = `accounts-${made++}`
  await trial.client.send(
    new CreateTableCommand({
      TableName,
      BillingMode: 'PAY_PER_REQUEST',
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      AttributeDefinitions: [
        { AttributeName: 'id', AttributeType: 'S' },
        { AttributeName: 'kind', AttributeType: 'S' },
      ],
      GlobalSecondaryIndexes: [
        {
          IndexName: 'kinds',
          KeySchema: [{ AttributeName: 'kind', KeyType: 'HASH' }],
          Projection: { ProjectionType: 'KEYS_ONLY' },
        },
      ],
    }),
  )
})

const put = (id: string, more: object = {}) =>
  trial.documents.send(new PutCommand({ TableName, Item: { id, ...more } }))
const get = async (id: string) =>
  (await trial.documents.send(new GetCommand({ TableName, Key: { id } }))).Item
const write = (TransactItems: any[], more: object = {}) =>
  trial.documents.send(new TransactWriteCommand({ TransactItems, ...more }))
const add = (id: string, amount: number, more: object = {}) => ({
  Update: {
    TableName,
    Key: { id },
    UpdateExpression: 'ADD amount :amount',
    ExpressionAttributeValues: { ':amount': amount },
    ...more,
  },
})
const changes = () =>
  trial.events
    .history()
    .flatMap(event => (event.kind === 'item' && event.tableName === TableName ? [event.change] : []))

test('all four kinds of writing are done together', async () => {
  await put('old')
  await put('there')
  await write([
    { Put: { TableName, Item: { id: 'new', kind: 'k' } } },
    add('counted', 5),
    { Delete: { TableName, Key: { id: 'old' } } },
    { ConditionCheck: { TableName, Key: { id: 'there' }, ConditionExpression: 'attribute_exists(id)' } },
  ])
  expect([await get('new'), await get('counted'), await get('old'), await get('there')]).toEqual([
    { id: 'new', kind: 'k' },
    { id: 'counted', amount: 5 },
    undefined,
    { id: 'there' },
  ])
  expect(changes()).toEqual(['INSERT', 'INSERT', 'INSERT', 'INSERT', 'REMOVE'])
})

test('one failed condition cancels everything, with a reason for each item in order', async () => {
  await put('taken', { by: 'ana' })
  const caught = await trial.client
    .send(
      new TransactWriteItemsCommand({
        TransactItems: [
          {
            Put: {
              TableName,
              Item: { id: { S: 'taken' } },
              ConditionExpression: 'attribute_not_exists(id)',
              ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
            },
          },
          { Put: { TableName, Item: { id: { S: 'free' } } } },
        ] satisfies TransactWriteItem[],
      }),
    )
    .catch((error: unknown) => error)
  expect(caught).toBeInstanceOf(TransactionCanceledException)
  expect((caught as Error).message).toBe(
    'Transaction cancelled, please refer cancellation reasons for specific reasons [ConditionalCheckFailed, None]',
  )
  expect((caught as TransactionCanceledException).CancellationReasons).toEqual([
    {
      Code: 'ConditionalCheckFailed',
      Message: 'The conditional request failed',
      Item: { id: { S: 'taken' }, by: { S: 'ana' } },
    },
    { Code: 'None' },
  ])
  expect(await get('free')).toBeUndefined()
  expect(changes()).toEqual(['INSERT'])
})

test('a flaw that shows only in the doing undoes what was done, indexes included, and nobody hears of it', async () => {
  await put('text', { amount: 'much' })
  await put('kept', { kind: 'k' })
  const caught: any = await write([
    { Put: { TableName, Item: { id: 'new', kind: 'k' } } },
    { Delete: { TableName, Key: { id: 'kept' } } },
    add('text', 1),
  ]).catch((error: unknown) => error)
  expect(caught.name).toBe('TransactionCanceledException')
  expect(caught.CancellationReasons).toEqual([
    { Code: 'None' },
    { Code: 'None' },
    { Code: 'ValidationError', Message: 'An operand in the update expression has an incorrect data type' },
  ])
  expect([await get('new'), await get('kept')]).toEqual([undefined, { id: 'kept', kind: 'k' }])
  const { Items } = await trial.documents.send(
    new QueryCommand({
      TableName,
      IndexName: 'kinds',
      KeyConditionExpression: 'kind = :k',
      ExpressionAttributeValues: { ':k': 'k' },
    }),
  )
  expect(Items).toEqual([{ id: 'kept', kind: 'k' }])
  expect(changes()).toEqual(['INSERT', 'INSERT'])
})

test('a key that does not fit the table is a reason, not an error of the request', async () => {
  await expect(write([add('a', 1), { Delete: { TableName, Key: { wrong: 'x' } } }])).rejects.toMatchObject({
    name: 'TransactionCanceledException',
    CancellationReasons: [
      { Code: 'None' },
      { Code: 'ValidationError', Message: 'The provided key element does not match the schema' },
    ],
  })
})

test.each([
  [
    'two operations on one item',
    () => [add('a', 1), add('a', 2)],
    /cannot include multiple operations on one item/,
  ],
  ['no items', () => [], /Member must have length greater than or equal to 1/],
  ['101 items', () => Array.from({ length: 101 }, (_, i) => add(`a${i}`, 1)), /less than or equal to 100/],
  [
    'an item that is two',
    () => [{ ...add('a', 1), Delete: { TableName, Key: { id: 'b' } } }],
    /can only contain one of/,
  ],
  ['an item that is none', () => [{}], /can only contain one of/],
  [
    'an expression that is none',
    () => [{ Update: { TableName, Key: { id: 'a' }, UpdateExpression: 'PLEASE' } }],
    /Invalid UpdateExpression: Syntax error/,
  ],
])('%s: refused', async (_, items, message) => {
  await expect(write(items())).rejects.toMatchObject({
    name: 'ValidationException',
    message: expect.stringMatching(message),
  })
  expect(changes()).toEqual([])
})

test('a hundred items are fine', async () => {
  await write(Array.from({ length: 100 }, (_, i) => add(`a${i}`, 1)))
  const { Count } = await trial.documents.send(new ScanCommand({ TableName }))
  expect(Count).toBe(100)
})

test('a table that is not there is an error of the request', async () => {
  await expect(write([{ Put: { TableName: 'nowhere', Item: { id: 'x' } } }])).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
    message: 'Requested resource not found',
  })
})

test('the same token does the same work once; for other work it is refused; after ten minutes it is new', async () => {
  const token = { ClientRequestToken: 'token-1' }
  await write([add('a', 1)], token)
  await write([add('a', 1)], token)
  expect(await get('a')).toEqual({ id: 'a', amount: 1 })
  await expect(write([add('a', 2)], token)).rejects.toMatchObject({
    name: 'IdempotentParameterMismatchException',
  })
  trial.clock.advance(10 * 60_000 + 1)
  await write([add('a', 2)], token)
  expect(await get('a')).toEqual({ id: 'a', amount: 3 })
})

test('nobody sees a transaction half done', async () => {
  await put('from', { amount: 100 })
  await put('to', { amount: 0 })
  let moving = true
  const move = (async () => {
    for (let i = 0; i < 20; i++) await write([add('from', -1), add('to', 1)])
    moving = false
  })()
  const sums: number[] = []
  while (moving) {
    const { Items } = await trial.documents.send(new ScanCommand({ TableName }))
    sums.push(Items!.reduce((sum, item) => sum + item.amount, 0))
  }
  await move
  expect(new Set(sums)).toEqual(new Set([100]))
})

test('concurrent transactions and writes lose nothing', async () => {
  await Promise.all(
    Array.from({ length: 50 }, (_, i) => [
      write([add('a', 1), add(`b${i}`, 1)]),
      trial.documents.send(new PutCommand({ TableName, Item: { id: `c${i}` } })),
    ]).flat(),
  )
  expect(await get('a')).toEqual({ id: 'a', amount: 50 })
})

test('several items are read together, in order, projected', async () => {
  await put('a', { x: 1, y: 2 })
  await put('b', { x: 3 })
  const key = (id: string, more: object = {}) => ({ Get: { TableName, Key: { id }, ...more } })
  const { Responses } = await trial.documents.send(
    new TransactGetCommand({
      TransactItems: [key('b'), key('none'), key('a', { ProjectionExpression: 'y' })],
    }),
  )
  expect(Responses).toEqual([{ Item: { id: 'b', x: 3 } }, {}, { Item: { y: 2 } }])
})

test('a transaction costs twice', async () => {
  const output = await write([add('a', 1), add('b', 1)], { ReturnConsumedCapacity: 'TOTAL' })
  expect(output.ConsumedCapacity).toEqual([{ TableName, CapacityUnits: 4 }])
})

test('the empty key of an index refuses the whole call', async () => {
  const empty = {
    name: 'ValidationException',
    message: expect.stringContaining('cannot contain an empty string value'),
  }
  await put('b', { amount: 1 })
  await expect(
    write([add('b', 1), { Put: { TableName, Item: { id: 'a', kind: '' } } }]),
  ).rejects.toMatchObject(empty)
  const change = { UpdateExpression: 'SET kind = :kind', ExpressionAttributeValues: { ':kind': '' } }
  await expect(write([add('b', 1), add('a', 1, change)])).rejects.toMatchObject(empty)
  expect(await get('b')).toEqual({ id: 'b', amount: 1 })
})
