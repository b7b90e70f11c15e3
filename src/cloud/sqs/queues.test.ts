import {
  CreateQueueCommand,
  DeleteQueueCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  ListQueuesCommand,
  ListQueueTagsCommand,
  PurgeQueueCommand,
  SendMessageCommand,
  SetQueueAttributesCommand,
  TagQueueCommand,
  UntagQueueCommand,
} from '@aws-sdk/client-sqs'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { startTrial, type Trial } from './test-server.ts'

let trial: Trial
beforeEach(async () => {
  trial = await startTrial()
})
afterEach(() => trial.stop())

const create = async (QueueName: string, Attributes?: Record<string, string>) =>
  (await trial.client.send(new CreateQueueCommand({ QueueName, Attributes }))).QueueUrl!
const set = (QueueUrl: string, Attributes: Record<string, string>) =>
  trial.client.send(new SetQueueAttributesCommand({ QueueUrl, Attributes }))
const get = async (QueueUrl: string, ...AttributeNames: string[]) =>
  (
    await trial.client.send(
      new GetQueueAttributesCommand({ QueueUrl, AttributeNames: AttributeNames as never }),
    )
  ).Attributes
const drop = (QueueUrl: string) => trial.client.send(new DeleteQueueCommand({ QueueUrl }))

test('a queue’s URL leads to where it was asked for, and its attributes are AWS’s', async () => {
  const url = await create('q')
  expect(url).toBe(`${trial.endpoint}/123456789012/q`)
  const { CreatedTimestamp, LastModifiedTimestamp, ...rest } = (await get(url, 'All'))!
  expect(CreatedTimestamp).toMatch(/^\d{10}$/)
  expect(LastModifiedTimestamp).toBe(CreatedTimestamp)
  expect(rest).toEqual({
    QueueArn: 'arn:aws:sqs:us-east-1:123456789012:q',
    ApproximateNumberOfMessages: '0',
    ApproximateNumberOfMessagesNotVisible: '0',
    ApproximateNumberOfMessagesDelayed: '0',
    DelaySeconds: '0',
    MaximumMessageSize: '1048576',
    MessageRetentionPeriod: '345600',
    ReceiveMessageWaitTimeSeconds: '0',
    SqsManagedSseEnabled: 'true',
    VisibilityTimeout: '30',
  })
  expect(await get(url, 'QueueArn', 'Policy')).toEqual({ QueueArn: 'arn:aws:sqs:us-east-1:123456789012:q' })
  expect(await get(url)).toBeUndefined()
})

test('a FIFO queue has four more', async () => {
  expect(await get(await create('q.fifo', { FifoQueue: 'True' }), 'All')).toMatchObject({
    FifoQueue: 'true',
    ContentBasedDeduplication: 'false',
    DeduplicationScope: 'queue',
    FifoThroughputLimit: 'perQueue',
  })
})

test('attributes are changed, and the time with them', async () => {
  const url = await create('q', { VisibilityTimeout: '20' })
  trial.clock.advance(5000)
  await set(url, { VisibilityTimeout: '69', DelaySeconds: '420' })
  const { CreatedTimestamp, LastModifiedTimestamp, ...rest } = (await get(url, 'All'))!
  expect(Number(LastModifiedTimestamp) - Number(CreatedTimestamp)).toBe(5)
  expect(rest).toMatchObject({ VisibilityTimeout: '69', DelaySeconds: '420' })
})

test('a key of KMS and SQS’s own encryption exclude each other', async () => {
  const url = await create('q')
  await set(url, { KmsMasterKeyId: 'testKeyId', KmsDataKeyReusePeriodSeconds: '6000' })
  const names = ['KmsMasterKeyId', 'KmsDataKeyReusePeriodSeconds', 'SqsManagedSseEnabled']
  expect(await get(url, ...names)).toEqual({
    KmsMasterKeyId: 'testKeyId',
    KmsDataKeyReusePeriodSeconds: '6000',
    SqsManagedSseEnabled: 'false',
  })
  await expect(set(url, { KmsMasterKeyId: 'k', SqsManagedSseEnabled: 'true' })).rejects.toMatchObject({
    name: 'InvalidAttributeName',
    message:
      'You can use one type of server-side encryption (SSE) at one time. You can either enable KMS SSE or SQS SSE.',
  })
  await set(url, { KmsMasterKeyId: '', KmsDataKeyReusePeriodSeconds: '300' })
  expect(await get(url, ...names)).toEqual({ SqsManagedSseEnabled: 'false' })
})

test('creating it again gives the same queue, unless an attribute differs', async () => {
  const url = await create('q', { DelaySeconds: '1' })
  expect(await create('q')).toBe(url)
  expect(await create('q', { DelaySeconds: '1' })).toBe(url)
  const refused = await create('q', { DelaySeconds: '2' }).catch((error: unknown) => error)
  expect(refused).toMatchObject({
    name: 'QueueNameExists',
    Code: 'QueueAlreadyExists',
    message: 'A queue already exists with the same name and a different value for attribute DelaySeconds',
  })
})

test('a queue that is not there', async () => {
  const url = await create('q')
  await drop(url)
  const asked = [
    () => get(url, 'All'),
    () => trial.client.send(new GetQueueUrlCommand({ QueueName: 'q' })),
    () => drop('https://sqs.us-east-1.amazonaws.com/'),
    () => trial.client.send(new SendMessageCommand({ QueueUrl: undefined, MessageBody: 'x' })),
  ]
  for (const ask of asked) {
    const refused = await ask().catch((error: unknown) => error)
    expect(refused).toMatchObject({
      name: 'QueueDoesNotExist',
      Code: 'AWS.SimpleQueueService.NonExistentQueue',
      message: 'The specified queue does not exist.',
      $metadata: { httpStatusCode: 400 },
    })
  }
})

test('a queue is found by a URL with any host, and by its bare name', async () => {
  await create('q')
  for (const url of ['http://localhost:4566/123456789012/q', '/123456789012/q', 'q']) {
    expect(await get(url, 'QueueArn')).toEqual({ QueueArn: 'arn:aws:sqs:us-east-1:123456789012:q' })
  }
  const { QueueUrl } = await trial.client.send(new GetQueueUrlCommand({ QueueName: 'q' }))
  expect(QueueUrl).toBe(`${trial.endpoint}/123456789012/q`)
})

test('a name is free again a minute after its queue was deleted', async () => {
  await drop(await create('q'))
  const refused = await create('q').catch((error: unknown) => error)
  expect(refused).toMatchObject({
    name: 'QueueDeletedRecently',
    Code: 'AWS.SimpleQueueService.QueueDeletedRecently',
    message:
      'You must wait 60 seconds after deleting a queue before you can create another with the same name.',
  })
  trial.clock.advance(60_000)
  await create('q')
})

test('purging empties a queue, once a minute', async () => {
  const QueueUrl = await create('q')
  await trial.client.send(new SendMessageCommand({ QueueUrl, MessageBody: 'x' }))
  const purge = () => trial.client.send(new PurgeQueueCommand({ QueueUrl }))
  await purge()
  expect(await get(QueueUrl, 'ApproximateNumberOfMessages')).toEqual({ ApproximateNumberOfMessages: '0' })
  await expect(purge()).rejects.toMatchObject({
    name: 'PurgeQueueInProgress',
    message: 'Only one PurgeQueue operation on q is allowed every 60 seconds.',
    $metadata: { httpStatusCode: 403 },
  })
  trial.clock.advance(60_000)
  await purge()
})

test('queues are listed by prefix and page by page', async () => {
  const list = (input = {}) => trial.client.send(new ListQueuesCommand(input))
  expect(await list()).not.toHaveProperty('QueueUrls')
  const urls = []
  for (const name of ['a-0', 'a-1', 'a-2', 'b-0']) urls.push(await create(name))
  expect((await list()).QueueUrls).toEqual(urls)
  expect((await list({ QueueNamePrefix: 'a' })).QueueUrls).toEqual(urls.slice(0, 3))
  const first = await list({ MaxResults: 3 })
  expect(first.QueueUrls).toEqual(urls.slice(0, 3))
  const second = await list({ MaxResults: 3, NextToken: first.NextToken })
  expect(second.QueueUrls).toEqual(urls.slice(3))
  expect(second.NextToken).toBeUndefined()
  await expect(list({ NextToken: first.NextToken })).rejects.toThrow(
    'MaxResults is a mandatory parameter when you provide a value for NextToken.',
  )
  await expect(list({ MaxResults: 0 })).rejects.toThrow('Value for parameter MaxResults is invalid.')
  await expect(list({ MaxResults: 1, NextToken: 'x' })).rejects.toThrow('Invalid NextToken value.')
})

test('tags come with the queue, are added and taken away', async () => {
  const { QueueUrl } = await trial.client.send(
    new CreateQueueCommand({ QueueName: 'q', tags: { a: '1', b: '' } }),
  )
  const tags = async () => (await trial.client.send(new ListQueueTagsCommand({ QueueUrl }))).Tags
  expect(await tags()).toEqual({ a: '1', b: '' })
  await trial.client.send(new TagQueueCommand({ QueueUrl, Tags: { a: '2', c: '3' } }))
  await trial.client.send(new UntagQueueCommand({ QueueUrl, TagKeys: ['b', 'not there'] }))
  expect(await tags()).toEqual({ a: '2', c: '3' })
  await trial.client.send(new UntagQueueCommand({ QueueUrl, TagKeys: ['a', 'c'] }))
  expect(await tags()).toBeUndefined()
})

test.each([
  ['a/b', {}, 'Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length'],
  ['q.fifo', {}, 'Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length'],
  [
    'x'.repeat(81),
    {},
    'Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length',
  ],
  ['q', { FifoQueue: 'true' }, 'The name of a FIFO queue can only include alphanumeric characters'],
  ['', {}, 'Queue name cannot be empty.'],
])('the name %j with %j is refused', async (name, attributes, message) => {
  await expect(create(name, attributes)).rejects.toMatchObject({
    name: 'InvalidParameterValue',
    message: expect.stringContaining(message),
  })
})

test.each([
  [{ FifoQueue: 'false' }, 'InvalidAttributeName', 'Unknown Attribute FifoQueue.'],
  [
    { ContentBasedDeduplication: 'true' },
    'InvalidAttributeName',
    'Unknown Attribute ContentBasedDeduplication.',
  ],
  [
    { DeduplicationScope: 'queue' },
    'InvalidAttributeName',
    'You can specify the DeduplicationScope only when FifoQueue is set to true.',
  ],
  [{ QueueArn: 'a' }, 'InvalidAttributeName', 'Unknown Attribute QueueArn.'],
  [{ constructor: 'a' }, 'InvalidAttributeName', 'Unknown Attribute constructor.'],
  [
    { VisibilityTimeout: '43201' },
    'InvalidAttributeValue',
    'Invalid value for the parameter VisibilityTimeout.',
  ],
  [{ DelaySeconds: '1.5' }, 'InvalidAttributeValue', 'Invalid value for the parameter DelaySeconds.'],
  [{ DelaySeconds: '' }, 'InvalidAttributeValue', 'Invalid value for the parameter DelaySeconds.'],
  [
    { MaximumMessageSize: '1048577' },
    'InvalidAttributeValue',
    'Invalid value for the parameter MaximumMessageSize.',
  ],
  [
    { SqsManagedSseEnabled: 'yes' },
    'InvalidAttributeValue',
    'Invalid value for the parameter SqsManagedSseEnabled.',
  ],
  [{ Policy: '{"Statement":[]' }, 'InvalidAttributeValue', 'Invalid value for the parameter Policy.'],
  [
    { Policy: '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"sqs:*","Resource":"*"}]}' },
    'InvalidAttributeValue',
    'Invalid value for the parameter Policy.',
  ],
])('a standard queue with %j is refused', async (attributes, name, message) => {
  await expect(create('q', attributes as Record<string, string>)).rejects.toMatchObject({ name, message })
})

test('a FIFO queue stays one, and limits by group only where it deduplicates by group', async () => {
  const url = await create('q.fifo', { FifoQueue: 'true' })
  await set(url, { FifoQueue: 'true' })
  await expect(set(url, { FifoQueue: 'false' })).rejects.toMatchObject({
    name: 'InvalidAttributeValue',
    message: 'Invalid value for the parameter FifoQueue. Reason: Modifying queue type is not supported.',
  })
  await expect(set(url, { FifoThroughputLimit: 'perMessageGroupId' })).rejects.toMatchObject({
    message:
      'The perMessageGroupId value is allowed only when the value for DeduplicationScope is messageGroup',
  })
})
