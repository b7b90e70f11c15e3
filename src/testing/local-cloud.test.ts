import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ApiGatewayManagementApiClient, GetConnectionCommand } from '@aws-sdk/client-apigatewaymanagementapi'
import { DynamoDBClient, PutItemCommand, QueryCommand, ScanCommand } from '@aws-sdk/client-dynamodb'
import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { ReceiveMessageCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs'
import { GetParameterCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { chatStack } from './chat.fixture.ts'
import type { LocalCloud } from './entry.cjs'
import { localCloud } from './local-cloud.ts'

const folder = mkdtempSync(join(tmpdir(), 'wslab-testing-'))
let cloud: LocalCloud
beforeAll(async () => {
  cloud = await localCloud({ stack: chatStack(join(folder, 'cdk.out')) })
})
beforeEach(() => cloud.reset())
afterAll(async () => {
  await cloud?.stop()
  rmSync(folder, { recursive: true, force: true })
})

const rows = async () =>
  (await cloud.aws(DynamoDBClient).send(new ScanCommand({ TableName: cloud.outputs.TableName }))).Items

test('clients connect by stage, API, address or output, and hear each other', async () => {
  const url = cloud.outputs.Url ?? ''
  expect(url).toMatch(/^ws:\/\/localhost:\d+\/live$/)
  expect(cloud.sockets).toEqual([url])
  const clients = await Promise.all(
    [undefined, 'live', 'chat/live', 'Api/live', url, 'Url'].map(where => cloud.connect(where)),
  )
  clients[0]!.send({ action: 'say', text: 'hello' })
  const heard = await Promise.all(clients.map(client => client.hears({ said: 'hello' })))
  expect(heard).toEqual(clients.map(() => ({ said: 'hello', list: [1, { two: 2 }] })))
  await expect(clients[0]!.hears({ said: expect.any(String) })).rejects.toThrow(
    /or a matcher such as expect\.any/,
  )
})

test('headers, query and subprotocols reach the handler, and a refusal has its status', async () => {
  await cloud.connect('live', { query: { name: 'ana' }, subprotocols: ['chat'] })
  expect(await rows()).toMatchObject([{ name: { S: 'ana' } }])
  await expect(cloud.connect('live', { name: 'ben', headers: { 'x-refuse': 'yes' } })).rejects.toMatchObject({
    status: 403,
    message: expect.stringContaining("ben's handshake"),
  })
})

test('a client that waits in vain is told what happened in the cloud', async () => {
  const ana = await cloud.connect('live', { name: 'ana' })
  ana.send({ action: 'fail' })
  const error = await ana.hears({ said: 'hello' }).catch(caught => caught)
  expect(error.message).toContain('expected ana to hear {"said":"hello"}')
  expect(error.message).toContain('It was told to fail.')
  await ana.hears({ message: 'Internal server error' })
  await ana.hearsNothing()
})

test('the clock moves on: an idle connection is closed, and its row is gone', async () => {
  const ana = await cloud.connect()
  await cloud.advance('11 minutes')
  expect(await ana.isClosed()).toMatchObject({ code: 1001 })
  await cloud.settled()
  expect(await rows()).toEqual([])
})

test('SDK clients of the caller reach the cloud, connections included', async () => {
  const ana = await cloud.connect()
  const [row] = (await rows()) ?? []
  const api = cloud.aws(ApiGatewayManagementApiClient, { endpoint: cloud.outputs.CallbackUrl })
  const connection = await api.send(new GetConnectionCommand({ ConnectionId: row!.id!.S }))
  expect(connection.ConnectedAt).toBeInstanceOf(Date)
  await ana.close()
})

test('events tell what happens, by kind and members', async () => {
  const ana = await cloud.connect()
  expect(cloud.events.find({ kind: 'handshake', status: 101 })).toHaveLength(1)
  ana.send({ action: 'say', text: 'hi' })
  const { functionName } = await cloud.events.happens({ kind: 'invocation', outcome: 'returned' })
  expect(functionName).toContain('Handler')
  await expect(cloud.events.happens({ kind: 'alarm' })).rejects.toThrow(
    'expected an event {"kind":"alarm"}, saw none',
  )
})

test('reset brings everything back as it was: rows, indexes, objects, parameters, queues, memory, clients', async () => {
  const { TableName, BucketName: Bucket, QueueUrl } = cloud.outputs
  const [tables, s3, ssm, sqs] = [
    cloud.aws(DynamoDBClient),
    cloud.aws(S3Client),
    cloud.aws(SSMClient),
    cloud.aws(SQSClient),
  ]
  const ana = await cloud.connect()
  const count = async (client = ana) => {
    client.send({ action: 'count' })
    return (await client.hears(({ count }) => count > 0)).count
  }
  expect([await count(), await count()]).toEqual([1, 2])
  const Item = { id: { S: 'row' }, name: { S: 'nobody' } }
  await tables.send(new PutItemCommand({ TableName, Item }))
  await s3.send(new PutObjectCommand({ Bucket, Key: 'a.txt', Body: 'a' }))
  await ssm.send(new PutParameterCommand({ Name: '/chat/greeting', Value: 'Bye', Overwrite: true }))
  await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'left over' }))

  await cloud.reset()
  await ana.isClosed()
  expect(await rows()).toEqual([])
  const byName = await tables.send(
    new QueryCommand({
      TableName,
      IndexName: 'byName',
      KeyConditionExpression: '#n = :n',
      ExpressionAttributeNames: { '#n': 'name' },
      ExpressionAttributeValues: { ':n': { S: 'nobody' } },
    }),
  )
  expect(byName.Items).toEqual([])
  await expect(s3.send(new GetObjectCommand({ Bucket, Key: 'a.txt' }))).rejects.toMatchObject({
    name: 'NoSuchKey',
  })
  const { Parameter } = await ssm.send(new GetParameterCommand({ Name: '/chat/greeting' }))
  expect(Parameter).toMatchObject({ Value: 'Hello', Version: 1 })
  expect(
    (await sqs.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 0 }))).Messages,
  ).toBeUndefined()
  expect(cloud.events.find({ kind: 'handshake' })).toEqual([])
  expect(await count(await cloud.connect())).toBe(1)
})
