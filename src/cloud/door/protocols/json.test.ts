import { CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs'
import {
  DynamoDBClient,
  DynamoDBServiceException,
  GetItemCommand,
  TransactionCanceledException,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb'
import { afterEach, expect, test } from 'vitest'
import { AwsError } from '../../error.ts'
import { decode, encode, encodeError } from './json.ts'
import { answering, someone, wire } from './test-server.ts'

let stop = () => {}
afterEach(() => stop())

async function dynamoDb(reply: Parameters<typeof answering>[0]) {
  const server = await answering(reply)
  stop = server.stop
  return new DynamoDBClient({ ...someone, endpoint: server.endpoint })
}

test('the SDK speaks JSON 1.0 to DynamoDB: it is understood, and understands the answer', async () => {
  let heard: unknown
  const client = await dynamoDb(wire => {
    heard = decode(wire, 'DynamoDB_20120810')
    return encode({ Item: { id: { S: 'ä"<' } } }, 'json-1.0', 'R1')
  })
  const output = await client.send(new GetItemCommand({ TableName: 'T', Key: { id: { S: 'ä"<' } } }))
  expect(heard).toEqual({ operation: 'GetItem', input: { TableName: 'T', Key: { id: { S: 'ä"<' } } } })
  expect(output.Item).toEqual({ id: { S: 'ä"<' } })
  expect(output.$metadata.requestId).toBe('R1')
})

test('the SDK speaks JSON 1.1 to CloudWatch Logs', async () => {
  let heard: unknown
  const server = await answering(wire => {
    heard = decode(wire, 'Logs_20140328')
    return encode({ events: [{ message: 'hello', timestamp: 5 }] }, 'json-1.1', 'R1')
  })
  stop = server.stop
  const client = new CloudWatchLogsClient({ ...someone, endpoint: server.endpoint })
  const output = await client.send(new FilterLogEventsCommand({ logGroupName: '/aws/lambda/f', limit: 1 }))
  expect(heard).toEqual({ operation: 'FilterLogEvents', input: { logGroupName: '/aws/lambda/f', limit: 1 } })
  expect(output.events).toEqual([{ message: 'hello', timestamp: 5 }])
})

test('an error type with its namespace and a Message in upper case reach the caller as name and message', async () => {
  const error = new AwsError('AccessDeniedException', 'User: x is not authorized', 400, {
    __type: 'com.amazon.coral.service#AccessDeniedException',
    messageKey: 'Message',
  })
  const answer = encodeError(error, 'json-1.0', 'R1')
  expect(answer.body).toBe(
    '{"__type":"com.amazon.coral.service#AccessDeniedException","Message":"User: x is not authorized"}',
  )
  const client = await dynamoDb(() => answer)
  const caught = await client
    .send(new GetItemCommand({ TableName: 'T', Key: {} }))
    .catch((error: unknown) => error)
  expect(caught).toBeInstanceOf(DynamoDBServiceException)
  expect(caught).toMatchObject({
    name: 'AccessDeniedException',
    message: 'User: x is not authorized',
    $metadata: { httpStatusCode: 400, requestId: 'R1' },
  })
})

test('further members of an error are in its body', async () => {
  const reasons = [{ Code: 'None' }, { Code: 'ConditionalCheckFailed', Message: 'no' }]
  const client = await dynamoDb(() =>
    encodeError(
      new AwsError('TransactionCanceledException', 'cancelled', 400, { CancellationReasons: reasons }),
      'json-1.0',
      'R1',
    ),
  )
  const caught = await client
    .send(new TransactWriteItemsCommand({ TransactItems: [] }))
    .catch((error: unknown) => error)
  expect(caught).toBeInstanceOf(TransactionCanceledException)
  expect((caught as TransactionCanceledException).CancellationReasons).toEqual(reasons)
})

test('headers name content type, request id and, for DynamoDB, the checksum of the body', () => {
  expect(encode({}, 'json-1.0', 'R1')).toEqual({
    status: 200,
    headers: {
      'content-type': 'application/x-amz-json-1.0',
      'x-amzn-requestid': 'R1',
      'x-amz-crc32': '2745614147',
    },
    body: '{}',
  })
  expect(encode(undefined, 'json-1.1', 'R1')).toEqual({
    status: 200,
    headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amzn-requestid': 'R1' },
    body: '',
  })
})

test('an error may bring headers of its own', () => {
  const error = new AwsError('AccessDeniedException', 'no', 403, {
    headers: { 'x-amzn-query-error': 'AccessDenied;Sender' },
  })
  const { status, headers, body } = encodeError(error, 'json-1.1', 'R1')
  expect([status, headers['x-amzn-query-error'], body]).toEqual([
    403,
    'AccessDenied;Sender',
    '{"__type":"AccessDeniedException","message":"no"}',
  ])
})

test.each(['{', '[]', 'null', '"x"', '1'])('the body %s is no input', body => {
  const headers = { 'x-amz-target': 'DynamoDB_20120810.GetItem' }
  expect(() => decode(wire({ headers, body: Buffer.from(body) }), 'DynamoDB_20120810')).toThrowError(
    expect.objectContaining({ code: 'SerializationException', status: 400 }),
  )
})

test('an empty body is an empty input', () => {
  const headers = { 'x-amz-target': 'DynamoDB_20120810.ListTables' }
  expect(decode(wire({ headers }), 'DynamoDB_20120810')).toEqual({ operation: 'ListTables', input: {} })
})

test.each([undefined, '', 'GetItem', 'DynamoDB_20120810.', 'Other_1.GetItem', 'DynamoDB_20120810.A.B'])(
  'the target %s asks for nothing there is',
  target => {
    const headers = target === undefined ? {} : { 'x-amz-target': target }
    expect(() => decode(wire({ headers }), 'DynamoDB_20120810')).toThrowError(
      expect.objectContaining({ code: 'UnknownOperationException' }),
    )
  },
)
