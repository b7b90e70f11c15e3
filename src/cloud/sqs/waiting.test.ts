import { CreateQueueCommand, ReceiveMessageCommand, SendMessageCommand } from '@aws-sdk/client-sqs'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { Queue } from './queues.ts'
import { startTrial, type Trial } from './test-server.ts'

let trial: Trial
let made = 0
let QueueUrl: string
let queue: Queue

beforeAll(async () => {
  trial = await startTrial()
})
afterAll(() => trial.stop())
beforeEach(() => create())

async function create(Attributes: Record<string, string> = {}, end = '') {
  const QueueName = `waiting-${made++}${end}`
  const output = await trial.client.send(new CreateQueueCommand({ QueueName, Attributes }))
  QueueUrl = output.QueueUrl!
  queue = trial.sqs.queues.find(`arn:aws:sqs:us-east-1:123456789012:${QueueName}`)!
}
const wait = (signal?: AbortSignal) =>
  queue.receive({ most: 10, waitSeconds: 20, ...(signal ? { signal } : {}) })
const send = (body: string, more: object = {}) => queue.send({ body, ...more }, 'AIDASENDER')
const bodies = async (receiving: ReturnType<typeof wait>) => (await receiving).map(({ body }) => body)

test('a long poll is answered as soon as there is a message', async () => {
  const receiving = trial.client.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 20 }))
  await trial.client.send(new SendMessageCommand({ QueueUrl, MessageBody: 'hello' }))
  expect((await receiving).Messages).toMatchObject([{ Body: 'hello' }])
})

test('the queue’s own waiting time holds for who names none', async () => {
  await create({ ReceiveMessageWaitTimeSeconds: '20' })
  const receiving = trial.client.send(new ReceiveMessageCommand({ QueueUrl }))
  await trial.client.send(new SendMessageCommand({ QueueUrl, MessageBody: 'hello' }))
  expect((await receiving).Messages).toMatchObject([{ Body: 'hello' }])
})

test('a wait without a message ends empty', async () => {
  expect(await queue.receive({ most: 1, waitSeconds: 0.01 })).toEqual([])
})

test('who came first is served first, and nobody is given what another has', async () => {
  const [first, second] = [wait(), wait()]
  send('one')
  send('two')
  expect(await bodies(first)).toEqual(['one'])
  expect(await bodies(second)).toEqual(['two'])
})

test('a delay that ends by the moved clock ends the wait', async () => {
  send('later', { delaySeconds: 600 })
  const receiving = wait()
  trial.clock.advance(600_000)
  expect(await bodies(receiving)).toEqual(['later'])
})

test('a visibility timeout that ends by the moved clock, or by hand, ends the wait', async () => {
  send('again')
  await wait()
  const receiving = wait()
  trial.clock.advance(30_000)
  const [message] = await receiving
  expect(message!.system.ApproximateReceiveCount).toBe('2')
  const third = wait()
  queue.changeVisibility(message!.receiptHandle, 0)
  expect(await bodies(third)).toEqual(['again'])
})

test('in a FIFO queue deleting the message in front lets the next one go', async () => {
  await create({ FifoQueue: 'true', ContentBasedDeduplication: 'true' }, '.fifo')
  send('one', { groupId: 'g' })
  const [message] = await wait()
  send('two', { groupId: 'g' })
  const receiving = wait()
  queue.delete(message!.receiptHandle)
  expect(await bodies(receiving)).toEqual(['two'])
})

test('in a FIFO queue the end of the message in front lets the next one go', async () => {
  await create(
    { FifoQueue: 'true', ContentBasedDeduplication: 'true', MessageRetentionPeriod: '60' },
    '.fifo',
  )
  send('one', { groupId: 'g' })
  await queue.receive({ most: 1, waitSeconds: 0, visibilityTimeout: 600 })
  trial.clock.advance(30_000)
  send('two', { groupId: 'g' })
  const receiving = wait()
  trial.clock.advance(30_000)
  expect(await bodies(receiving)).toEqual(['two'])
})

test('an aborted wait ends empty and takes nothing', async () => {
  const home = new AbortController()
  const receiving = wait(home.signal)
  home.abort()
  expect(await receiving).toEqual([])
  expect(await wait(home.signal)).toEqual([])
  send('still there')
  expect(await bodies(wait())).toEqual(['still there'])
})

test('stopping ends all waits', async () => {
  const own = await startTrial()
  await own.client.send(new CreateQueueCommand({ QueueName: 'q' }))
  const there = own.sqs.queues.find('arn:aws:sqs:us-east-1:123456789012:q')!
  const receiving = there.receive({ most: 1, waitSeconds: 20 })
  await own.stop()
  expect(await receiving).toEqual([])
  expect(await there.receive({ most: 1, waitSeconds: 20 })).toEqual([])
})

test('nothing falls due any more when the message that was hidden is deleted while somebody waits', async () => {
  send('one')
  const [received] = await queue.receive({ most: 1, waitSeconds: 0 })
  const over = new AbortController()
  const receiving = wait(over.signal)
  expect(trial.clock.isAnythingDue(60_000)).toBe(true)
  queue.delete(received!.receiptHandle)
  expect(trial.clock.isAnythingDue(60_000)).toBe(false)
  over.abort()
  expect(await receiving).toEqual([])
})
