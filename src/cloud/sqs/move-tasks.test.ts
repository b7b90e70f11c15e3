import {
  CancelMessageMoveTaskCommand,
  CreateQueueCommand,
  ListMessageMoveTasksCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  type SQSClient,
  StartMessageMoveTaskCommand,
} from '@aws-sdk/client-sqs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTrial, type Trial } from './test-server.ts'

let trial: Trial
let made = 0
beforeAll(async () => {
  trial = await startTrial()
})
afterAll(() => trial.stop())

const create = async (Attributes: Record<string, string> = {}) => {
  const QueueName = `moved-${made++}${Attributes.FifoQueue ? '.fifo' : ''}`
  const { QueueUrl = '' } = await trial.client.send(new CreateQueueCommand({ QueueName, Attributes }))
  return { QueueUrl, arn: `arn:aws:sqs:us-east-1:123456789012:${QueueName}` }
}
const receive = async ({ QueueUrl }: { QueueUrl: string }) => {
  const asked = { QueueUrl, MaxNumberOfMessages: 10, MessageSystemAttributeNames: ['All' as const] }
  return (await trial.client.send(new ReceiveMessageCommand(asked))).Messages ?? []
}

/** A queue whose messages have all gone to its dead-letter queue. */
async function deadLetters(count: number, attributes: Record<string, string> = {}) {
  const grave = await create(attributes)
  const source = await create({
    ...attributes,
    VisibilityTimeout: '1',
    RedrivePolicy: JSON.stringify({ deadLetterTargetArn: grave.arn, maxReceiveCount: 1 }),
  })
  for (let i = 0; i < count; i++) {
    await trial.client.send(
      new SendMessageCommand({
        QueueUrl: source.QueueUrl,
        MessageBody: `letter ${i}`,
        ...(attributes.FifoQueue && { MessageGroupId: 'g', MessageDeduplicationId: `d${i}` }),
      }),
    )
  }
  await receive(source)
  trial.clock.advance(2000)
  expect(await receive(source)).toEqual([])
  return { grave, source }
}

const start = (SourceArn: string, more: object = {}, client = trial.client) =>
  client.send(new StartMessageMoveTaskCommand({ SourceArn, ...more }))
const tasks = async (SourceArn: string) =>
  (await trial.client.send(new ListMessageMoveTasksCommand({ SourceArn, MaxResults: 10 }))).Results
const refusal = (call: Promise<unknown>) => call.then(String, ({ name, message }: Error) => [name, message])

test.for([{}, { FifoQueue: 'true' }] as Record<string, string>[])(
  'dead letters go back to where they came from, as new messages in their order: %o',
  async attributes => {
    const { grave, source } = await deadLetters(3, attributes)
    const { TaskHandle } = await start(grave.arn)
    expect(TaskHandle).toMatch(/^[\w+/=]+$/)
    trial.clock.advance(0)
    const back = await receive(source)
    expect(back.map(({ Body }) => Body)).toEqual(['letter 0', 'letter 1', 'letter 2'])
    expect(back[0]!.Attributes!.ApproximateReceiveCount).toBe('1')
    expect(back[0]!.Attributes).not.toHaveProperty('DeadLetterQueueSourceArn')
    expect(await receive(grave)).toEqual([])
    expect(await tasks(grave.arn)).toMatchObject([
      {
        Status: 'COMPLETED',
        SourceArn: grave.arn,
        ApproximateNumberOfMessagesMoved: 3,
        ApproximateNumberOfMessagesToMove: 3,
      },
    ])
  },
)

test('they go to another queue if one is named, no faster than asked, until somebody calls it off', async () => {
  const { grave } = await deadLetters(5)
  const other = await create()
  const { TaskHandle } = await start(grave.arn, {
    DestinationArn: other.arn,
    MaxNumberOfMessagesPerSecond: 2,
  })
  trial.clock.advance(0)
  expect(await receive(other)).toHaveLength(2)
  expect(await refusal(start(grave.arn))).toEqual([
    'InvalidParameterValue',
    'There is already a task running. Only one active task is allowed for a source queue arn at a given time.',
  ])
  trial.clock.advance(1000)
  expect(await receive(other)).toHaveLength(2)
  expect(await tasks(grave.arn)).toMatchObject([
    { TaskHandle, Status: 'RUNNING', MaxNumberOfMessagesPerSecond: 2 },
  ])
  const cancelled = await trial.client.send(new CancelMessageMoveTaskCommand({ TaskHandle }))
  expect(cancelled.ApproximateNumberOfMessagesMoved).toBe(4)
  trial.clock.advance(5000)
  expect(await receive(other)).toEqual([])
  expect(await tasks(grave.arn)).toMatchObject([{ Status: 'CANCELLED' }])
  expect(await refusal(trial.client.send(new CancelMessageMoveTaskCommand({ TaskHandle })))).toEqual([
    'UnsupportedOperation',
    'Only active tasks can be cancelled.',
  ])
})

test('a message that was put there by hand has nowhere to go back to: the task fails', async () => {
  const { grave } = await deadLetters(0)
  await trial.client.send(new SendMessageCommand({ QueueUrl: grave.QueueUrl, MessageBody: 'x' }))
  await start(grave.arn)
  trial.clock.advance(0)
  expect(await tasks(grave.arn)).toMatchObject([
    { Status: 'FAILED', FailureReason: 'CouldNotDetermineMessageSource' },
  ])
})

test('what is wrong is said in AWS’s words', async () => {
  const { grave, source } = await deadLetters(0)
  expect(await refusal(start(source.arn))).toEqual([
    'InvalidParameterValue',
    'Source queue must be configured as a Dead Letter Queue.',
  ])
  expect(await refusal(start('nowhere'))).toEqual([
    'InvalidParameterValue',
    'You must use this format to specify the SourceArn: arn:<partition>:<service>:<region>:<account-id>:<resource-id>',
  ])
  expect(await refusal(start(`${grave.arn}x`))).toEqual([
    'ResourceNotFoundException',
    "The resource that you specified for the SourceArn parameter doesn't exist.",
  ])
  expect(await refusal(start(grave.arn, { DestinationArn: grave.arn }))).toEqual([
    'InvalidParameterValue',
    'Source queue arn and destination queue arn cannot be the same.',
  ])
})

test('a caller that moves dead letters may receive and delete them, and send to where they go', async () => {
  const { grave, source } = await deadLetters(1)
  const may = (Action: string[], Resource: string) => ({ Effect: 'Allow' as const, Action, Resource })
  const onGrave = may(
    ['sqs:StartMessageMoveTask', 'sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'],
    grave.arn,
  )
  const one = trial.somebody({ Statement: [onGrave] }).client
  expect((await refusal(start(grave.arn, {}, one)))[1]).toContain(
    `is not authorized to perform: sqs:sendmessage on resource: ${source.arn}`,
  )
  const other = trial.somebody({ Statement: [onGrave, may(['sqs:SendMessage'], source.arn)] }).client
  await start(grave.arn, {}, other satisfies SQSClient)
  trial.clock.advance(0)
  expect(await receive(source)).toHaveLength(1)
})
