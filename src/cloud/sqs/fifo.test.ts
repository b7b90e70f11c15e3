import {
  ChangeMessageVisibilityCommand,
  CreateQueueCommand,
  DeleteMessageCommand,
  PurgeQueueCommand,
  ReceiveMessageCommand,
  type ReceiveMessageCommandInput,
  SendMessageBatchCommand,
  SendMessageCommand,
  type SendMessageCommandInput,
  SetQueueAttributesCommand,
} from '@aws-sdk/client-sqs'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { startTrial, type Trial } from './test-server.ts'

let trial: Trial
let made = 0
let QueueUrl: string

beforeAll(async () => {
  trial = await startTrial()
})
afterAll(() => trial.stop())
beforeEach(async () => {
  QueueUrl = await create({ ContentBasedDeduplication: 'true' })
})

const create = async (Attributes: Record<string, string> = {}) =>
  (
    await trial.client.send(
      new CreateQueueCommand({
        QueueName: `fifo-${made++}.fifo`,
        Attributes: { FifoQueue: 'true', ...Attributes },
      }),
    )
  ).QueueUrl!
const send = (MessageBody: string, more: Partial<SendMessageCommandInput> = {}) =>
  trial.client.send(
    new SendMessageCommand({ QueueUrl, MessageBody, MessageGroupId: MessageBody.split('-')[0], ...more }),
  )
const sendAll = async (...texts: string[]) => {
  for (const text of texts) await send(text)
}
const receive = async (MaxNumberOfMessages: number, more: Partial<ReceiveMessageCommandInput> = {}) =>
  (await trial.client.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages, ...more }))).Messages ??
  []
const bodies = async (...asked: Parameters<typeof receive>) =>
  (await receive(...asked)).map(({ Body }) => Body)
const hide = ({ ReceiptHandle }: { ReceiptHandle?: string | undefined }, VisibilityTimeout: number) =>
  trial.client.send(new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle, VisibilityTimeout }))
const remove = ({ ReceiptHandle }: { ReceiptHandle?: string | undefined }) =>
  trial.client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }))

test('of a group as many as can be come together, in the order sent', async () => {
  await sendAll('g1-m1', 'g2-m1', 'g1-m2', 'g1-m3')
  expect(await bodies(10)).toEqual(['g1-m1', 'g1-m2', 'g1-m3', 'g2-m1'])
})

test('a group waits while one of its messages is in flight, and others go on', async () => {
  await sendAll('g1-m1', 'g2-m1', 'g1-m2', 'g2-m2', 'g1-m3', 'g1-m4', 'g3-m1')
  const [first, second] = await receive(2)
  expect([first!.Body, second!.Body]).toEqual(['g1-m1', 'g1-m2'])
  await remove(first!)
  expect(await bodies(10)).toEqual(['g2-m1', 'g2-m2', 'g3-m1'])
  await remove(second!)
  expect(await bodies(10)).toEqual(['g1-m3', 'g1-m4'])
})

test('one that becomes visible comes before those behind it, and a hidden one holds them up', async () => {
  await sendAll('g1-m1', 'g1-m2', 'g2-m1')
  const [first] = await receive(2)
  await hide(first!, 0)
  expect(await bodies(3)).toEqual(['g2-m1', 'g1-m1'])
})

test.each([
  [0, []],
  [1, ['g1-m0']],
  [2, ['g1-m0', 'g1-m1']],
])('with message %i hidden for longer, what comes before it is received: %j', async (index, expected) => {
  QueueUrl = await create({ ContentBasedDeduplication: 'true', VisibilityTimeout: '1' })
  await sendAll('g1-m0', 'g1-m1', 'g1-m2')
  const messages = await receive(5)
  await hide(messages[index]!, 4)
  trial.clock.advance(2000)
  expect(await bodies(5)).toEqual(expected)
})

test('groups take turns', async () => {
  await sendAll('g1-m1', 'g2-m1', 'g2-m2', 'g3-m1', 'g1-m2')
  expect(await bodies(3, { VisibilityTimeout: 0 })).toEqual(['g1-m1', 'g1-m2', 'g2-m1'])
  expect(await bodies(10, { VisibilityTimeout: 0 })).toEqual(['g3-m1', 'g1-m1', 'g1-m2', 'g2-m1', 'g2-m2'])
})

test('a message has a group, a deduplication id, and a number that grows', async () => {
  const sent = await send('g1-m1', { MessageDeduplicationId: 'one' })
  const next = await send('g1-m2')
  expect(sent.SequenceNumber).toMatch(/^\d{20}$/)
  expect(BigInt(next.SequenceNumber!)).toBeGreaterThan(BigInt(sent.SequenceNumber!))
  const [message] = await receive(1, { MessageSystemAttributeNames: ['All'] })
  expect(message!.Attributes).toMatchObject({
    MessageGroupId: 'g1',
    MessageDeduplicationId: 'one',
    SequenceNumber: sent.SequenceNumber,
  })
})

test('the same id within five minutes is a duplicate, by the cloud’s clock, deleted or not', async () => {
  const first = await send('g1-m1', { MessageDeduplicationId: 'one' })
  trial.clock.advance(299_999)
  const second = await send('g1-other', { MessageDeduplicationId: 'one' })
  expect(second).toMatchObject({ MessageId: first.MessageId, SequenceNumber: first.SequenceNumber })
  const [message] = await receive(10)
  await remove(message!)
  expect(await bodies(10)).toEqual([])
  trial.clock.advance(1)
  await send('g1-third', { MessageDeduplicationId: 'one' })
  expect(await bodies(10)).toEqual(['g1-third'])
})

test('by content the body alone decides, and in another group it is still a duplicate', async () => {
  await sendAll('g1-same', 'g1-same')
  await send('g1-same', { MessageGroupId: 'g2' })
  expect(await bodies(10)).toEqual(['g1-same'])
})

test('high throughput: with deduplication by group another group is another message', async () => {
  QueueUrl = await create({
    ContentBasedDeduplication: 'true',
    DeduplicationScope: 'messageGroup',
    FifoThroughputLimit: 'perMessageGroupId',
  })
  await sendAll('g1-same', 'g1-same')
  await send('g1-same', { MessageGroupId: 'g2' })
  expect(await bodies(10)).toEqual(['g1-same', 'g1-same'])
})

test('purging forgets duplicates as well', async () => {
  await send('g1-same')
  await trial.client.send(new PurgeQueueCommand({ QueueUrl }))
  await send('g1-same')
  expect(await bodies(10)).toEqual(['g1-same'])
})

test('an expired handle deletes nothing and hides nothing', async () => {
  QueueUrl = await create({ ContentBasedDeduplication: 'true', VisibilityTimeout: '1' })
  await send('g1-m1')
  const [message] = await receive(1)
  trial.clock.advance(1000)
  await expect(remove(message!)).rejects.toThrow(
    `Value ${message!.ReceiptHandle} for parameter ReceiptHandle is invalid. Reason: The receipt handle has expired.`,
  )
  await expect(hide(message!, 5)).rejects.toThrow('Reason: Message does not exist or is not available')
  const [again] = await receive(1)
  await expect(remove(message!)).rejects.toThrow('The receipt handle has expired.')
  await hide(again!, 10)
  trial.clock.advance(5000)
  await remove(again!)
  await remove(again!)
})

test('the queue’s delay holds, also for what is in it already; a message has none of its own', async () => {
  QueueUrl = await create({ ContentBasedDeduplication: 'true', DelaySeconds: '100' })
  await send('g1-m1', { DelaySeconds: 0 })
  expect(await bodies(1)).toEqual([])
  await expect(send('g1-m2', { DelaySeconds: 2 })).rejects.toThrow(
    'Value 2 for parameter DelaySeconds is invalid. Reason: The request include parameter that is not valid for this queue type.',
  )
  await trial.client.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { DelaySeconds: '10' } }))
  trial.clock.advance(10_000)
  expect(await bodies(1)).toEqual(['g1-m1'])
})

test('without group or deduplication id a message is refused', async () => {
  QueueUrl = await create()
  await expect(send('g1-m1')).rejects.toMatchObject({
    name: 'InvalidParameterValue',
    message:
      'The queue should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly',
  })
  await expect(send('x', { MessageGroupId: undefined, MessageDeduplicationId: 'one' })).rejects.toMatchObject(
    {
      name: 'MissingParameter',
      message: 'The request must contain the parameter MessageGroupId.',
    },
  )
  const batch = (entry: object) =>
    trial.client.send(
      new SendMessageBatchCommand({ QueueUrl, Entries: [{ Id: 'a', MessageBody: 'x', ...entry }] }),
    )
  await expect(batch({ MessageGroupId: 'g' })).rejects.toMatchObject({ name: 'InvalidParameterValue' })
  await expect(batch({ MessageDeduplicationId: 'one' })).rejects.toMatchObject({
    name: 'InvalidParameterValue',
    message: 'The request must contain the parameter MessageGroupId.',
  })
})

test('who asks again with the same attempt id is given the same messages', async () => {
  await sendAll('g1-m1', 'g2-m1')
  const attempt = { ReceiveRequestAttemptId: 'attempt' }
  const first = await receive(1, attempt)
  const again = await receive(1, attempt)
  expect(again).toEqual(first)
  await remove(again[0]!)
  expect(await bodies(1, attempt)).toEqual(['g2-m1'])
})
