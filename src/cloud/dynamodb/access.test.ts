import { afterAll, beforeAll, expect, test } from 'vitest'
import { defaultAccount } from '../account.ts'
import { stillClock } from '../clock.ts'
import { eventStream } from '../events.ts'
import type { Call } from '../service.ts'
import { type DynamoDb, startDynamoDb } from './dynamodb.ts'

const policy = { Version: '2012-10-17', Statement: [] }
const T = 'arn:aws:dynamodb:us-east-1:123456789012:table/T'
const U = 'arn:aws:dynamodb:us-east-1:123456789012:table/U'
const P = 'arn:aws:dynamodb:us-east-1:123456789012:table/P-policy'

let dynamoDb: DynamoDb

beforeAll(async () => {
  const clock = stillClock()
  dynamoDb = startDynamoDb({ account: defaultAccount, clock, events: eventStream(clock.now) })
  const table = {
    BillingMode: 'PAY_PER_REQUEST',
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
  }
  await operation('CreateTable').run({ ...table, TableName: 'Tab' }, {} as Call)
  await operation('CreateTable').run(
    { ...table, TableName: 'P-policy', ResourcePolicy: JSON.stringify(policy) },
    {} as Call,
  )
})
afterAll(() => dynamoDb.stop())

const operation = (name: string) => dynamoDb.service.operations.find(one => one.name === name)!
const access = (name: string, input: object) => operation(name).access(input, {} as Call)
const asked = (name: string, input: object) =>
  access(name, input).map(({ action, resource }) => `${action} ${resource}`)

test.each<[string, object, readonly string[]]>([
  ['GetItem', { TableName: 'T', Key: {} }, [`dynamodb:GetItem ${T}`]],
  ['PutItem', { TableName: 'T', Item: {} }, [`dynamodb:PutItem ${T}`]],
  ['UpdateItem', { TableName: 'T', Key: {} }, [`dynamodb:UpdateItem ${T}`]],
  ['DeleteItem', { TableName: 'T', Key: {} }, [`dynamodb:DeleteItem ${T}`]],
  ['Query', { TableName: 'T' }, [`dynamodb:Query ${T}`]],
  ['Query', { TableName: 'T', IndexName: 'I' }, [`dynamodb:Query ${T}/index/I`]],
  ['Scan', { TableName: 'T' }, [`dynamodb:Scan ${T}`]],
  ['Scan', { TableName: 'T', IndexName: 'I' }, [`dynamodb:Scan ${T}/index/I`]],
  [
    'BatchGetItem',
    { RequestItems: { T: { Keys: [{}] }, [U]: { Keys: [{}] } } },
    [`dynamodb:BatchGetItem ${T}`, `dynamodb:BatchGetItem ${U}`],
  ],
  [
    'BatchWriteItem',
    { RequestItems: { T: [{ PutRequest: { Item: {} } }], U: [] } },
    [`dynamodb:BatchWriteItem ${T}`, `dynamodb:BatchWriteItem ${U}`],
  ],
  [
    'TransactWriteItems',
    {
      TransactItems: [
        { Put: { TableName: 'T', Item: {} } },
        { Update: { TableName: 'T', Key: {} } },
        { Delete: { TableName: U, Key: {} } },
        { ConditionCheck: { TableName: 'T', Key: {} } },
      ],
    },
    [
      `dynamodb:PutItem ${T}`,
      `dynamodb:UpdateItem ${T}`,
      `dynamodb:DeleteItem ${U}`,
      `dynamodb:ConditionCheckItem ${T}`,
    ],
  ],
  [
    'TransactGetItems',
    { TransactItems: [{ Get: { TableName: 'T', Key: {} } }, { Get: { TableName: 'U', Key: {} } }] },
    [`dynamodb:GetItem ${T}`, `dynamodb:GetItem ${U}`],
  ],
  ['CreateTable', { TableName: 'T' }, [`dynamodb:CreateTable ${T}`]],
  [
    'CreateTable',
    { TableName: 'T', Tags: [{ Key: 'a', Value: 'b' }] },
    [`dynamodb:CreateTable ${T}`, `dynamodb:TagResource ${T}`],
  ],
  ['DescribeTable', { TableName: 'T' }, [`dynamodb:DescribeTable ${T}`]],
  ['UpdateTable', { TableName: 'T' }, [`dynamodb:UpdateTable ${T}`]],
  ['DeleteTable', { TableName: 'T' }, [`dynamodb:DeleteTable ${T}`]],
  ['DescribeTimeToLive', { TableName: 'T' }, [`dynamodb:DescribeTimeToLive ${T}`]],
  ['UpdateTimeToLive', { TableName: 'T' }, [`dynamodb:UpdateTimeToLive ${T}`]],
  ['TagResource', { ResourceArn: T }, [`dynamodb:TagResource ${T}`]],
  ['UntagResource', { ResourceArn: T }, [`dynamodb:UntagResource ${T}`]],
  ['ListTagsOfResource', { ResourceArn: T }, [`dynamodb:ListTagsOfResource ${T}`]],
  ['ListTables', {}, ['dynamodb:ListTables *']],
])('J3: %s of %j is asked as %j', (name, input, expected) => {
  expect(asked(name, input)).toEqual(expected)
})

test('J2: leave is asked for a table that is not there, by whatever ARN it is named', () => {
  const elsewhere = 'arn:aws:dynamodb:eu-west-1:999999999999:table/X'
  expect(asked('GetItem', { TableName: elsewhere, Key: {} })).toEqual([`dynamodb:GetItem ${elsewhere}`])
})

test.each<[string, object, object]>([
  [
    'PutItem',
    {
      TableName: 'Tab',
      Item: { room: { S: 'lobby' }, at: { N: '1' }, text: { S: 'hi' } },
      ReturnValues: 'ALL_OLD',
    },
    {
      'dynamodb:LeadingKeys': ['lobby'],
      'dynamodb:Attributes': ['room', 'at', 'text'],
      'dynamodb:ReturnValues': 'ALL_OLD',
    },
  ],
  [
    'UpdateItem',
    {
      TableName: T.replace(/T$/, 'Tab'),
      Key: { room: { S: 'lobby' }, at: { N: '1' } },
      UpdateExpression: 'SET #t = if_not_exists(#t, :x), a.b[0].#c = :x REMOVE d',
      ConditionExpression: 'attribute_exists(room) AND size(e) > :x',
      ExpressionAttributeNames: { '#t': 'text', '#c': 'nested' },
    },
    {
      'dynamodb:LeadingKeys': ['lobby'],
      'dynamodb:Attributes': ['room', 'at', 'text', 'a', 'd', 'e'],
    },
  ],
  [
    'GetItem',
    { TableName: 'Tab', Key: { room: { S: 'lobby' }, at: { N: '1' } }, ProjectionExpression: 'who, x.y' },
    { 'dynamodb:LeadingKeys': ['lobby'], 'dynamodb:Attributes': ['room', 'at', 'who', 'x'] },
  ],
  [
    'Query',
    {
      TableName: 'Tab',
      KeyConditionExpression: '#at >= :at AND room=:room',
      ExpressionAttributeNames: { '#at': 'at' },
      ExpressionAttributeValues: { ':at': { N: '1' }, ':room': { S: 'lobby' } },
      Select: 'COUNT',
    },
    {
      'dynamodb:LeadingKeys': ['lobby'],
      'dynamodb:Attributes': ['at', 'room'],
      'dynamodb:Select': 'COUNT',
    },
  ],
  [
    'Query',
    {
      TableName: 'Tab',
      IndexName: 'byWho',
      KeyConditions: { who: { ComparisonOperator: 'EQ', AttributeValueList: [{ S: 'ana' }] } },
      ReturnConsumedCapacity: 'TOTAL',
    },
    {
      'dynamodb:LeadingKeys': ['ana'],
      'dynamodb:Attributes': ['who'],
      'dynamodb:ReturnConsumedCapacity': 'TOTAL',
    },
  ],
  ['Scan', { TableName: 'Tab' }, {}],
  [
    'BatchGetItem',
    {
      RequestItems: {
        Tab: {
          Keys: [
            { room: { S: 'a' }, at: { N: '1' } },
            { room: { S: 'b' }, at: { N: '1' } },
          ],
        },
      },
    },
    { 'dynamodb:LeadingKeys': ['a', 'b'], 'dynamodb:Attributes': ['room', 'at'] },
  ],
  [
    'BatchWriteItem',
    {
      RequestItems: {
        Tab: [
          { PutRequest: { Item: { room: { S: 'a' }, at: { N: '1' }, x: { S: 'y' } } } },
          { DeleteRequest: { Key: { room: { S: 'b' }, at: { N: '1' } } } },
        ],
      },
    },
    { 'dynamodb:LeadingKeys': ['a', 'b'], 'dynamodb:Attributes': ['room', 'at', 'x'] },
  ],
  [
    'TransactWriteItems',
    { TransactItems: [{ Delete: { TableName: 'Tab', Key: { room: { S: 'a' }, at: { N: '1' } } } }] },
    {
      'dynamodb:LeadingKeys': ['a'],
      'dynamodb:Attributes': ['room', 'at'],
      'dynamodb:EnclosingOperation': 'TransactWriteItems',
    },
  ],
])('%s of %j can be told apart by conditions', (name, input, expected) => {
  expect(access(name, input)[0]?.context).toEqual(expected)
})

test('a table’s own policy is asked too', () => {
  expect(access('GetItem', { TableName: 'P-policy', Key: {} })[0]?.resourcePolicy).toEqual(policy)
  expect(access('DeleteTable', { TableName: P })[0]?.resourcePolicy).toEqual(policy)
  expect(access('GetItem', { TableName: 'Tab', Key: {} })[0]).not.toHaveProperty('resourcePolicy')
})

test('a table’s own policy can be read, and it is told when there is none', async () => {
  const read = async (ResourceArn: string) => operation('GetResourcePolicy').run({ ResourceArn }, {} as Call)
  expect(access('GetResourcePolicy', { ResourceArn: P })).toMatchObject([
    { action: 'dynamodb:GetResourcePolicy', resource: P, resourcePolicy: policy },
  ])
  expect(JSON.parse(((await read(P)) as any).Policy)).toEqual(policy)
  await expect(read(P.replace('P-policy', 'Tab'))).rejects.toMatchObject({
    code: 'PolicyNotFoundException',
    status: 400,
  })
  await expect(read(P.replace('P-policy', 'Absent'))).rejects.toMatchObject({
    code: 'ResourceNotFoundException',
    message: 'Requested resource not found: Table: Absent not found',
  })
})

test.each([
  ['GetItem', {}],
  ['PutItem', { TableName: 7, Item: 7 }],
  ['PutItem', { TableName: 'Tab', Item: null }],
  ['Query', { TableName: 'Tab', IndexName: 7, KeyConditionExpression: 7 }],
  ['Query', { TableName: 'Tab', KeyConditionExpression: '#a = :b = :c', ExpressionAttributeNames: 7 }],
  ['BatchGetItem', {}],
  ['BatchGetItem', { RequestItems: [] }],
  ['BatchGetItem', { RequestItems: { Tab: null } }],
  ['BatchGetItem', { RequestItems: { Tab: { Keys: 7 } } }],
  ['BatchWriteItem', { RequestItems: { Tab: [null, { PutRequest: null }] } }],
  ['BatchWriteItem', { RequestItems: 'Tab' }],
  ['TransactWriteItems', { TransactItems: 7 }],
  ['TransactWriteItems', { TransactItems: [null] }],
  ['TransactWriteItems', { TransactItems: [{ Put: null }] }],
  ['TransactWriteItems', { TransactItems: [{ Put: { TableName: 'Tab', Item: 'x' } }] }],
  ['TransactGetItems', { TransactItems: [{ Get: 7 }] }],
  ['TransactGetItems', { TransactItems: [{}] }],
  ['TransactGetItems', { TransactItems: [null] }],
  ['UpdateTimeToLive', { TableName: 'Tab', TimeToLiveSpecification: 7 }],
  ['UpdateTable', { TableName: 'Tab', GlobalSecondaryIndexUpdates: 7 }],
  ['UpdateTable', { TableName: 'Tab', GlobalSecondaryIndexUpdates: [null, { Create: 7 }] }],
  ['CreateTable', { TableName: 'Other', StreamSpecification: 7 }],
  ['DeleteTable', { TableName: 7 }],
  ['GetResourcePolicy', { ResourceArn: 7 }],
  ['GetResourcePolicy', {}],
  ['TagResource', { ResourceArn: 7 }],
  ['TagResource', {}],
  ['TagResource', { ResourceArn: 'T', Tags: [] }],
])('%s of %j, which makes no sense, is refused as AWS refuses it', async (name, input) => {
  expect(() => access(name, input)).not.toThrow()
  await expect((async () => operation(name).run(structuredClone(input), {} as Call))()).rejects.toMatchObject(
    {
      code: expect.stringMatching(/^(ValidationException|SerializationException)$/),
      status: 400,
    },
  )
})

test('J1: a denial is an AccessDeniedException of coral’s with the reason in Message', () => {
  const [question] = access('PutItem', { TableName: 'T', Item: {} })
  const arn = 'arn:aws:sts::123456789012:assumed-role/R/S'
  const principal = { kind: 'role-session', arn, accountId: '', roleArn: '', userId: '' } as const
  const decision = { allowed: false, deny: 'implicit', kind: 'identity-based' } as const
  const error = dynamoDb.service.denied(question!, decision, { principal } as unknown as Call)
  expect(error).toMatchObject({
    status: 400,
    code: 'AccessDeniedException',
    message: `User: ${arn} is not authorized to perform: dynamodb:PutItem on resource: ${T} because no identity-based policy allows the dynamodb:PutItem action`,
    members: { __type: 'com.amazon.coral.service#AccessDeniedException', messageKey: 'Message' },
  })
})
