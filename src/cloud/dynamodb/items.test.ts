import {
  BatchExecuteStatementCommand,
  ConditionalCheckFailedException,
  CreateTableCommand,
  type CreateTableCommandInput,
  DynamoDBServiceException,
  ExecuteStatementCommand,
  PutItemCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb'
import {
  BatchGetCommand,
  BatchWriteCommand,
  DeleteCommand,
  GetCommand,
  PutCommand,
  QueryCommand,
  ScanCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { startTrial, type Trial } from './test-server.ts'

let trial: Trial
let made = 0
let room: string

const arn = (table: string) => `arn:aws:dynamodb:us-east-1:123456789012:table/${table}`

beforeAll(async () => {
  trial = await startTrial()
})
afterAll(() => trial.stop())
beforeEach(async () => {
  room = `room-${made++}`
  await makeTable({
    TableName: room,
    KeySchema: [
      { AttributeName: 'room', KeyType: 'HASH' },
      { AttributeName: 'at', KeyType: 'RANGE' },
    ],
    AttributeDefinitions: [
      { AttributeName: 'room', AttributeType: 'S' },
      { AttributeName: 'at', AttributeType: 'N' },
      { AttributeName: 'who', AttributeType: 'S' },
    ],
    GlobalSecondaryIndexes: [
      {
        IndexName: 'byWho',
        KeySchema: [{ AttributeName: 'who', KeyType: 'HASH' }],
        Projection: { ProjectionType: 'ALL' },
      },
    ],
  })
})

const makeTable = (input: CreateTableCommandInput) =>
  trial.client.send(new CreateTableCommand({ BillingMode: 'PAY_PER_REQUEST', ...input }))

const put = (at: number, who: string, more: object = {}) =>
  trial.documents.send(new PutCommand({ TableName: room, Item: { room: 'lobby', at, who, ...more } }))

const changes = () =>
  trial.events
    .history()
    .filter(event => event.kind === 'item' && event.tableName === room)
    .map(event => (event.kind === 'item' ? [event.change, event.keys] : []))

test('an item put is got back with every type of value', async () => {
  const more = {
    text: 'ä€😀',
    yes: true,
    nothing: null,
    bytes: new Uint8Array([1, 2, 3]),
    list: [1, 'two', { three: 3 }],
    map: { deep: { er: 1 } },
    strings: new Set(['a', 'b']),
    numbers: new Set([1, 2]),
  }
  await put(1, 'ana', more)
  const { Item } = await trial.documents.send(
    new GetCommand({ TableName: room, Key: { room: 'lobby', at: 1 } }),
  )
  expect(Item).toEqual({ room: 'lobby', at: 1, who: 'ana', ...more })
})

test('getting what is not there gives no item', async () => {
  const output = await trial.documents.send(
    new GetCommand({ TableName: room, Key: { room: 'lobby', at: 404 } }),
  )
  expect(output.Item).toBeUndefined()
})

test('each change of an item is an event with its keys, and reading is none', async () => {
  await put(1, 'ana')
  await put(1, 'ben')
  await trial.documents.send(new GetCommand({ TableName: room, Key: { room: 'lobby', at: 1 } }))
  await trial.documents.send(new DeleteCommand({ TableName: room, Key: { room: 'lobby', at: 1 } }))
  await trial.documents.send(new DeleteCommand({ TableName: room, Key: { room: 'lobby', at: 1 } }))
  const keys = { room: { S: 'lobby' }, at: { N: '1' } }
  expect(changes()).toEqual([
    ['INSERT', keys],
    ['MODIFY', keys],
    ['REMOVE', keys],
  ])
})

test('an update that fails its condition changes nothing and shows the old item when asked to', async () => {
  await put(1, 'ana', { likes: 3 })
  const update = {
    TableName: room,
    Key: { room: { S: 'lobby' }, at: { N: '1' } },
    UpdateExpression: 'SET likes = likes + :one',
    ConditionExpression: 'likes > :limit',
    ExpressionAttributeValues: { ':one': { N: '1' }, ':limit': { N: '10' } },
  }
  const shown = await trial.client
    .send(new UpdateItemCommand({ ...update, ReturnValuesOnConditionCheckFailure: 'ALL_OLD' }))
    .catch(error => error)
  expect(shown).toBeInstanceOf(ConditionalCheckFailedException)
  expect(shown.message).toBe('The conditional request failed')
  expect(shown.Item).toEqual({ room: { S: 'lobby' }, at: { N: '1' }, who: { S: 'ana' }, likes: { N: '3' } })
  const hidden = await trial.client.send(new UpdateItemCommand(update)).catch(error => error)
  expect(hidden).toBeInstanceOf(ConditionalCheckFailedException)
  expect(hidden.Item).toBeUndefined()
  expect(changes()).toHaveLength(1)
})

test('a put on condition that nothing is there fails with the item that is', async () => {
  await put(1, 'ana')
  const failed = await trial.documents
    .send(
      new PutCommand({
        TableName: room,
        Item: { room: 'lobby', at: 1, who: 'ben' },
        ConditionExpression: 'attribute_not_exists(#r)',
        ExpressionAttributeNames: { '#r': 'room' },
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      }),
    )
    .catch(error => error)
  expect(failed.name).toBe('ConditionalCheckFailedException')
  expect(failed.Item).toMatchObject({ who: { S: 'ana' } })
})

test('an update makes the item, counts, and returns what was asked for', async () => {
  const count = () =>
    trial.documents.send(
      new UpdateCommand({
        TableName: room,
        Key: { room: 'lobby', at: 7 },
        UpdateExpression: 'ADD seen :one SET who = if_not_exists(who, :who)',
        ExpressionAttributeValues: { ':one': 1, ':who': 'ana' },
        ReturnValues: 'ALL_NEW',
      }),
    )
  await count()
  expect((await count()).Attributes).toEqual({ room: 'lobby', at: 7, who: 'ana', seen: 2 })
})

test('a hundred concurrent counts are all counted', async () => {
  await Promise.all(
    Array.from({ length: 100 }, () =>
      trial.documents.send(
        new UpdateCommand({
          TableName: room,
          Key: { room: 'lobby', at: 7 },
          UpdateExpression: 'ADD seen :one',
          ExpressionAttributeValues: { ':one': 1 },
        }),
      ),
    ),
  )
  const { Item } = await trial.documents.send(
    new GetCommand({ TableName: room, Key: { room: 'lobby', at: 7 }, ConsistentRead: true }),
  )
  expect(Item?.seen).toBe(100)
})

test('a query goes through the sort keys in order, page by page, in both directions', async () => {
  for (const at of [10, 2, 33, 4, -5]) await put(at, 'ana')
  const found: number[] = []
  let from: Record<string, unknown> | undefined
  do {
    const page: any = await trial.documents.send(
      new QueryCommand({
        TableName: room,
        KeyConditionExpression: 'room = :room AND #at BETWEEN :low AND :high',
        ExpressionAttributeNames: { '#at': 'at' },
        ExpressionAttributeValues: { ':room': 'lobby', ':low': -5, ':high': 10 },
        Limit: 2,
        ...(from ? { ExclusiveStartKey: from } : {}),
      }),
    )
    expect(page.Count).toBeLessThanOrEqual(2)
    found.push(...page.Items.map((item: any) => item.at))
    from = page.LastEvaluatedKey
  } while (from)
  expect(found).toEqual([-5, 2, 4, 10])

  const last = await trial.documents.send(
    new QueryCommand({
      TableName: room,
      KeyConditionExpression: 'room = :room',
      ExpressionAttributeValues: { ':room': 'lobby' },
      ScanIndexForward: false,
      Limit: 1,
    }),
  )
  expect(last.Items?.map(item => item.at)).toEqual([33])
})

test('a global index follows its items', async () => {
  await put(1, 'ana')
  await put(2, 'ben')
  await put(3, 'ana')
  await put(1, 'cem')
  const by = async (who: string) =>
    (
      await trial.documents.send(
        new QueryCommand({
          TableName: room,
          IndexName: 'byWho',
          KeyConditionExpression: 'who = :who',
          ExpressionAttributeValues: { ':who': who },
        }),
      )
    ).Items?.map(item => item.at)
  expect([await by('ana'), await by('ben'), await by('cem')]).toEqual([[3], [2], [1]])
})

test('a scan sees everything once, filters, and counts what it has looked at', async () => {
  for (let at = 0; at < 25; at++) await put(at, at % 2 ? 'ana' : 'ben')
  const seen: number[] = []
  let from: Record<string, unknown> | undefined
  do {
    const page: any = await trial.documents.send(
      new ScanCommand({ TableName: room, Limit: 7, ...(from ? { ExclusiveStartKey: from } : {}) }),
    )
    seen.push(...page.Items.map((item: any) => item.at))
    from = page.LastEvaluatedKey
  } while (from)
  expect(seen.sort((a, b) => a - b)).toEqual(Array.from({ length: 25 }, (_, at) => at))

  const some = await trial.documents.send(
    new ScanCommand({
      TableName: room,
      FilterExpression: 'who = :who',
      ExpressionAttributeValues: { ':who': 'ana' },
    }),
  )
  expect([some.Count, some.ScannedCount]).toEqual([12, 25])
})

test('batches write and read several tables, named or by ARN', async () => {
  const other = `other-${made++}`
  await makeTable({
    TableName: other,
    KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
    AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
  })
  await put(9, 'gone')
  await trial.documents.send(
    new BatchWriteCommand({
      RequestItems: {
        [room]: [
          { PutRequest: { Item: { room: 'lobby', at: 1, who: 'ana' } } },
          { DeleteRequest: { Key: { room: 'lobby', at: 9 } } },
        ],
        [arn(other)]: [{ PutRequest: { Item: { id: 'x' } } }],
      },
    }),
  )
  const { Responses } = await trial.documents.send(
    new BatchGetCommand({
      RequestItems: {
        [room]: {
          Keys: [
            { room: 'lobby', at: 1 },
            { room: 'lobby', at: 9 },
          ],
        },
        [arn(other)]: { Keys: [{ id: 'x' }] },
      },
    }),
  )
  expect(Responses).toEqual({
    [room]: [{ room: 'lobby', at: 1, who: 'ana' }],
    [arn(other)]: [{ id: 'x' }],
  })
})

test('a table is found by its ARN, and not by the ARN of another account', async () => {
  await put(1, 'ana')
  const get = (TableName: string) =>
    trial.documents.send(new GetCommand({ TableName, Key: { room: 'lobby', at: 1 } }))
  expect((await get(arn(room))).Item?.who).toBe('ana')
  await expect(get(arn(room).replace('123456789012', '999999999999'))).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
  })
})

test.each([
  [
    'a table that is not there',
    { TableName: 'nowhere' },
    'ResourceNotFoundException',
    'Requested resource not found',
  ],
  [
    'a key too few',
    { Key: { room: 'lobby' } },
    'ValidationException',
    'The provided key element does not match the schema',
  ],
])('%s is refused in the words of AWS', async (_, change, name, message) => {
  const refused = await trial.documents
    .send(new GetCommand({ TableName: room, Key: { room: 'lobby', at: 1 }, ...change } as never))
    .catch(error => error)
  expect(refused).toBeInstanceOf(DynamoDBServiceException)
  expect([refused.name, refused.message, refused.$metadata.httpStatusCode]).toEqual([name, message, 400])
})

test('an item of more than 400 KB is refused', async () => {
  await expect(put(1, 'ana', { text: 'x'.repeat(400 * 1024) })).rejects.toMatchObject({
    name: 'ValidationException',
    message: 'Item size has exceeded the maximum allowed size',
  })
})

test('the key of an index may not be empty; other attributes may, and an item may have no such key', async () => {
  const start = 'One or more parameter values are not valid.'
  const end = 'The AttributeValue for a key attribute cannot contain an empty string value.'
  const inItem = {
    name: 'ValidationException',
    message: `${start} A value specified for a secondary index key is not supported. ${end} IndexName: byWho, IndexKey: who`,
  }
  await expect(put(1, '')).rejects.toMatchObject(inItem)
  const Item = { room: 'lobby', at: 1, who: '' }
  await expect(
    trial.documents.send(new BatchWriteCommand({ RequestItems: { [room]: [{ PutRequest: { Item } }] } })),
  ).rejects.toMatchObject(inItem)

  await put(1, 'ana', { text: '' })
  const update = (UpdateExpression: string, ExpressionAttributeValues?: Record<string, string>) =>
    trial.documents.send(
      new UpdateCommand({
        TableName: room,
        Key: { room: 'lobby', at: 1 },
        UpdateExpression,
        ExpressionAttributeValues,
      }),
    )
  await expect(update('SET who = :who', { ':who': '' })).rejects.toMatchObject({
    name: 'ValidationException',
    message: `${start} The update expression attempted to update a secondary index key to a value that is not supported. ${end}`,
  })
  await update('SET title = :title', { ':title': '' })
  await update('REMOVE who')
})

test.each([
  ['attribute_exists(id) AND NOT #flag', 'token: "<EOF>", near: "#flag"'],
  ['NOT #flag', 'token: "<EOF>", near: "#flag"'],
  ['NOT #flag AND attribute_exists(id)', 'token: "AND", near: "#flag AND attribute_exists"'],
  ['#flag attribute_not_exists :no', 'token: "attribute_not_exists", near: "#flag attribute_not_exists :no"'],
])('the condition %s is a syntax error in AWS’s words', async (ConditionExpression, where) => {
  const put = new PutItemCommand({
    TableName: 'nowhere',
    Item: { id: { S: 'a' } },
    ConditionExpression,
    ExpressionAttributeNames: { '#flag': 'flag' },
    ...(ConditionExpression.includes(':no') && { ExpressionAttributeValues: { ':no': { BOOL: false } } }),
  })
  await expect(trial.client.send(put)).rejects.toMatchObject({
    name: 'ValidationException',
    message: `Invalid ConditionExpression: Syntax error; ${where}`,
  })
})

test('PartiQL is an operation unknown', async () => {
  for (const command of [
    new ExecuteStatementCommand({ Statement: 'SELECT * FROM x' }),
    new BatchExecuteStatementCommand({ Statements: [] }),
  ]) {
    await expect(trial.client.send(command as never)).rejects.toMatchObject({
      name: 'UnknownOperationException',
    })
  }
})

test('error types are qualified as AWS qualifies them', async () => {
  const ask = async (operation: string, input: string) => {
    const response = await fetch(trial.endpoint, {
      method: 'POST',
      headers: { 'x-amz-target': `DynamoDB_20120810.${operation}` },
      body: input,
    })
    return [response.status, ((await response.json()) as any).__type]
  }
  expect([
    await ask('GetItem', '{"TableName":"nowhere","Key":{}}'),
    await ask('GetItem', '{}'),
    await ask('GetItem', '{'),
    await ask('GetItem', '{"TableName":1}'),
    await ask('ExecuteStatement', '{}'),
  ]).toEqual([
    [400, 'com.amazonaws.dynamodb.v20120810#ResourceNotFoundException'],
    [400, 'com.amazon.coral.validate#ValidationException'],
    [400, 'com.amazon.coral.service#SerializationException'],
    [400, 'com.amazon.coral.service#SerializationException'],
    [400, 'com.amazon.coral.service#UnknownOperationException'],
  ])
})
