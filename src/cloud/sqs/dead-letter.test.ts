import {
  CreateQueueCommand,
  DeleteQueueCommand,
  ListDeadLetterSourceQueuesCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SetQueueAttributesCommand,
} from '@aws-sdk/client-sqs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTrial, type Trial } from './test-server.ts'

let trial: Trial
let made = 0

beforeAll(async () => {
  trial = await startTrial()
})
afterAll(() => trial.stop())

const create = async (Attributes: Record<string, string> = {}, end = '') =>
  (await trial.client.send(new CreateQueueCommand({ QueueName: `dead-${made++}${end}`, Attributes })))
    .QueueUrl!
const arnOf = (url: string) => `arn:aws:sqs:us-east-1:123456789012:${url.split('/').at(-1)}`
const policy = (url: string, maxReceiveCount: unknown = 1) =>
  JSON.stringify({ deadLetterTargetArn: arnOf(url), maxReceiveCount })
const set = (QueueUrl: string, Attributes: Record<string, string>) =>
  trial.client.send(new SetQueueAttributesCommand({ QueueUrl, Attributes }))
const send = (QueueUrl: string, more: object = {}) =>
  trial.client.send(new SendMessageCommand({ QueueUrl, MessageBody: 'hello', ...more }))
const receive = async (QueueUrl: string) =>
  (
    await trial.client.send(
      new ReceiveMessageCommand({
        QueueUrl,
        VisibilityTimeout: 0,
        MessageSystemAttributeNames: ['All'],
        MessageAttributeNames: ['All'],
      }),
    )
  ).Messages ?? []

test('what has been received too often goes to the dead-letter queue as it is', async () => {
  const grave = await create()
  const source = await create({ RedrivePolicy: policy(grave, '2') })
  const sent = await send(source, {
    MessageAttributes: { a: { DataType: 'String', StringValue: 'b' } },
    DelaySeconds: 0,
  })
  const [first] = await receive(source)
  expect(await receive(source)).toHaveLength(1)
  expect(await receive(source)).toEqual([])
  const [message] = await receive(grave)
  expect(message).toMatchObject({
    Body: 'hello',
    MessageId: sent.MessageId,
    MD5OfMessageAttributes: sent.MD5OfMessageAttributes,
    Attributes: {
      ApproximateReceiveCount: '3',
      DeadLetterQueueSourceArn: arnOf(source),
      SentTimestamp: first!.Attributes!.SentTimestamp,
    },
  })
})

test('who waits at the dead-letter queue is told', async () => {
  const grave = await create()
  const source = await create({ RedrivePolicy: policy(grave) })
  await send(source)
  await receive(source)
  const waiting = trial.sqs.queues.find(arnOf(grave))!.receive({ most: 1, waitSeconds: 20 })
  await receive(source)
  expect(await waiting).toHaveLength(1)
})

test('the message of a FIFO queue makes way for its group', async () => {
  const fifo = { FifoQueue: 'true', ContentBasedDeduplication: 'true' }
  const grave = await create(fifo, '.fifo')
  const source = await create({ ...fifo, RedrivePolicy: policy(grave) }, '.fifo')
  await send(source, { MessageGroupId: 'g' })
  await send(source, { MessageBody: 'next', MessageGroupId: 'g' })
  await receive(source)
  expect((await receive(source)).map(({ Body }) => Body)).toEqual(['next'])
  expect((await receive(grave)).map(({ Body }) => Body)).toEqual(['hello'])
})

test('queues that give up to each other, or to themselves, come to an end', async () => {
  const one = await create()
  const two = await create({ RedrivePolicy: policy(one) })
  await set(one, { RedrivePolicy: policy(two) })
  const own = await create()
  await set(own, { RedrivePolicy: policy(own) })
  for (const url of [one, own]) {
    await send(url)
    await receive(url)
    expect(await receive(url)).toEqual([])
  }
  const home = new AbortController()
  const waiting = [one, two, own].map(url =>
    trial.sqs.queues
      .find(arnOf(url))!
      .receive({ most: 1, waitSeconds: 20, visibilityTimeout: 0, signal: home.signal }),
  )
  home.abort()
  expect(await Promise.all(waiting)).toEqual([[], [], []])
})

test('without its dead-letter queue a queue goes on delivering', async () => {
  const grave = await create()
  const source = await create({ RedrivePolicy: policy(grave) })
  await trial.client.send(new DeleteQueueCommand({ QueueUrl: grave }))
  await send(source)
  await receive(source)
  expect(await receive(source)).toHaveLength(1)
})

test('a dead-letter queue knows its sources', async () => {
  const grave = await create()
  const sources = [
    await create({ RedrivePolicy: policy(grave) }),
    await create({ RedrivePolicy: policy(grave) }),
  ]
  const { queueUrls } = await trial.client.send(new ListDeadLetterSourceQueuesCommand({ QueueUrl: grave }))
  expect(queueUrls).toEqual(sources)
})

test.each<[string, (url: string) => string, string]>([
  [
    'no count',
    url => JSON.stringify({ deadLetterTargetArn: arnOf(url) }),
    'Redrive policy does not contain mandatory attribute: maxReceiveCount.',
  ],
  [
    'no target',
    () => '{"maxReceiveCount":1}',
    'Redrive policy does not contain mandatory attribute: deadLetterTargetArn.',
  ],
  [
    'a count of 0',
    url => policy(url, 0),
    'Invalid value for maxReceiveCount: 0, valid values are from 1 to 1000 both inclusive.',
  ],
  [
    'a target that is no ARN',
    () => '{"deadLetterTargetArn":"dummy","maxReceiveCount":42}',
    'Invalid value for deadLetterTargetArn.',
  ],
  ['a target that is not there', url => policy(`${url}-not`), 'Dead letter target does not exist.'],
])('a redrive policy with %s is refused', async (_, write, reason) => {
  const url = await create()
  const text = write(url)
  await expect(set(url, { RedrivePolicy: text })).rejects.toMatchObject({
    name: 'InvalidParameterValue',
    message: `Value ${text} for parameter RedrivePolicy is invalid. Reason: ${reason}`,
  })
})

test('a FIFO queue’s dead-letter queue is one, too', async () => {
  const grave = await create()
  await expect(create({ FifoQueue: 'true', RedrivePolicy: policy(grave) }, '.fifo')).rejects.toThrow(
    'Reason: Dead-letter queue must be same type of queue as the source.',
  )
})

test('a RedriveAllowPolicy says whose dead-letter queue it is', async () => {
  const source = await create()
  const allow = (redrivePermission: string, sourceQueueArns?: string[]) => ({
    RedriveAllowPolicy: JSON.stringify({ redrivePermission, sourceQueueArns }),
  })
  const grave = await create(allow('denyAll'))
  await expect(set(source, { RedrivePolicy: policy(grave) })).rejects.toMatchObject({
    name: 'InvalidParameterValue',
  })
  await set(grave, allow('byQueue', [arnOf(source)]))
  await set(source, { RedrivePolicy: policy(grave) })
  await expect(create({ RedrivePolicy: policy(grave) })).rejects.toMatchObject({
    name: 'InvalidParameterValue',
  })
  await expect(set(grave, allow('byQueue'))).rejects.toThrow(
    `Value {"redrivePermission":"byQueue"} for parameter RedriveAllowPolicy is invalid. Reason: Amazon SQS can't create the redrive allow policy. When you specify the byQueue permission type, you must also specify one or more sourceQueueArns values.`,
  )
  await expect(set(grave, { RedriveAllowPolicy: 'nonsense' })).rejects.toThrow('in an unsupported format.')
})
