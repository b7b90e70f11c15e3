import {
  GetQueueAttributesCommand,
  ListQueueTagsCommand,
  SetQueueAttributesCommand,
} from '@aws-sdk/client-sqs'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { inventName } from '../cloudformation/names.ts'
import type { Properties } from '../cloudformation/properties.ts'
import type { Physical } from '../cloudformation/resource.ts'
import { startTrial, type Trial } from './test-server.ts'

let trial: Trial
let made = 0
let suffix: string

beforeAll(async () => {
  trial = await startTrial()
})
afterAll(() => trial.stop())
beforeEach(() => {
  suffix = `R${made++}`
})

const type = (name: string) => trial.sqs.resources.find(resource => resource.type === `AWS::SQS::${name}`)!
const request = (properties: Properties) => ({
  stackName: 'stack',
  logicalId: 'Jobs',
  properties,
  inventName: (most?: number) => inventName('stack', 'Jobs', suffix, most),
})
const create = async (name: string, properties: Properties) => {
  suffix += '0'
  return type(name).create(request(properties))
}
const update = (name: string, existing: Physical, before: Properties, after: Properties) =>
  type(name).update!(request(after), { ...existing, properties: before })
const remove = (name: string, existing: Physical, properties: Properties = {}) =>
  type(name).delete!({ ...existing, properties, logicalId: 'Jobs' })
const attributes = async ({ physicalId }: Physical) =>
  (await trial.client.send(new GetQueueAttributesCommand({ QueueUrl: physicalId, AttributeNames: ['All'] })))
    .Attributes!
const tags = async ({ physicalId }: Physical) =>
  (await trial.client.send(new ListQueueTagsCommand({ QueueUrl: physicalId }))).Tags

test('Ref is the URL; Arn, QueueName and QueueUrl are there', async () => {
  const queue = await create('Queue', {})
  const name = `stack-Jobs-${suffix}`
  const url = `https://sqs.us-east-1.amazonaws.com/123456789012/${name}`
  expect(queue).toEqual({
    physicalId: url,
    attributes: { Arn: `arn:aws:sqs:us-east-1:123456789012:${name}`, QueueName: name, QueueUrl: url },
  })
})

test('the name invented for a FIFO queue ends in .fifo and is short enough', async () => {
  const long = { ...request({ FifoQueue: 'true' }), stackName: 'x'.repeat(90) }
  const queue = await type('Queue').create({
    ...long,
    inventName: most => inventName(long.stackName, 'Jobs', 'ABCDEFGHIJKL', most),
  })
  expect(queue.attributes.QueueName).toMatch(/^.{75}\.fifo$/)
  expect(await attributes(queue)).toMatchObject({ FifoQueue: 'true' })
})

test('properties become attributes; texts, numbers, objects and JSON texts alike', async () => {
  const grave = await create('Queue', { RedriveAllowPolicy: { redrivePermission: 'allowAll' } })
  const RedrivePolicy = { deadLetterTargetArn: grave.attributes.Arn, maxReceiveCount: '3' }
  const queue = await create('Queue', {
    VisibilityTimeout: '300',
    DelaySeconds: 5,
    SqsManagedSseEnabled: false,
    FifoQueue: false,
    RedrivePolicy,
    Tags: [{ Key: 'a', Value: 'b' }],
  })
  const wanted = JSON.stringify({ deadLetterTargetArn: grave.attributes.Arn, maxReceiveCount: 3 })
  expect(await attributes(queue)).toMatchObject({
    VisibilityTimeout: '300',
    DelaySeconds: '5',
    SqsManagedSseEnabled: 'false',
    RedrivePolicy: wanted,
  })
  expect(await tags(queue)).toEqual({ a: 'b' })
  const second = await create('Queue', { RedrivePolicy: JSON.stringify(RedrivePolicy) })
  expect((await attributes(second)).RedrivePolicy).toBe(wanted)
})

test('an update changes in place, and what is no longer mentioned is as in a new queue', async () => {
  const grave = await create('Queue', {})
  const before = {
    VisibilityTimeout: 300,
    DelaySeconds: 5,
    KmsMasterKeyId: 'alias/aws/sqs',
    KmsDataKeyReusePeriodSeconds: 600,
    RedrivePolicy: { deadLetterTargetArn: grave.attributes.Arn, maxReceiveCount: 3 },
    Tags: [{ Key: 'a', Value: 'b' }],
  }
  const queue = await create('Queue', before)
  const after = { DelaySeconds: 6, Tags: [{ Key: 'c', Value: 'd' }] }
  expect(await update('Queue', queue, before, after)).toEqual(queue)
  const now = await attributes(queue)
  expect(now).toMatchObject({ VisibilityTimeout: '30', DelaySeconds: '6' })
  expect(now).not.toHaveProperty('RedrivePolicy')
  expect(now).not.toHaveProperty('KmsMasterKeyId')
  expect(now).not.toHaveProperty('KmsDataKeyReusePeriodSeconds')
  expect(await tags(queue)).toEqual({ c: 'd' })
})

test('a FIFO queue is updated in place as well', async () => {
  const before = { FifoQueue: true, ContentBasedDeduplication: true }
  const queue = await create('Queue', before)
  await update('Queue', queue, before, { FifoQueue: true, VisibilityTimeout: 5 })
  expect(await attributes(queue)).toMatchObject({
    ContentBasedDeduplication: 'false',
    VisibilityTimeout: '5',
  })
})

test('what AWS does not take fails with its words', async () => {
  await expect(create('Queue', { VisibilityTimeout: 43_201 })).rejects.toThrow(
    'Invalid value for the parameter VisibilityTimeout.',
  )
  const QueueName = 'by-hand'
  await create('Queue', { QueueName })
  await expect(create('Queue', { QueueName })).rejects.toThrow(/by-hand' already exists\.$/)
})

test('a deleted queue is gone, its name free at once, and nobody minds if it was gone before', async () => {
  const properties = { QueueName: 'comes-and-goes' }
  const queue = await create('Queue', properties)
  await remove('Queue', queue)
  await expect(attributes(queue)).rejects.toThrow('The specified queue does not exist.')
  await remove('Queue', queue)
  await create('Queue', properties)
})

const document = (action: string) => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: '*', Action: action, Resource: '*' }],
})

test('a QueuePolicy is every named queue’s policy, for as long as it names it', async () => {
  const [one, two] = [await create('Queue', {}), await create('Queue', {})]
  const before = { Queues: [one.physicalId, two.physicalId], PolicyDocument: document('sqs:SendMessage') }
  const policy = await create('QueuePolicy', before)
  expect(policy).toEqual({ physicalId: `stack-Jobs-${suffix}`, attributes: { Id: `stack-Jobs-${suffix}` } })
  for (const queue of [one, two]) {
    expect(JSON.parse((await attributes(queue)).Policy!)).toEqual(before.PolicyDocument)
    expect(trial.sqs.queues.find(String(queue.attributes.Arn))!.policy).toEqual(before.PolicyDocument)
  }
  const after = { Queues: [two.physicalId], PolicyDocument: document('sqs:ReceiveMessage') }
  expect(await update('QueuePolicy', policy, before, after)).toMatchObject(policy)
  expect(await attributes(one)).not.toHaveProperty('Policy')
  expect(JSON.parse((await attributes(two)).Policy!)).toEqual(after.PolicyDocument)
  await remove('Queue', one)
  await remove('QueuePolicy', policy, before)
  expect(await attributes(two)).not.toHaveProperty('Policy')
})

test('a queue keeps its policy when its own properties change', async () => {
  const queue = await create('Queue', {})
  await create('QueuePolicy', { Queues: [queue.physicalId], PolicyDocument: document('sqs:SendMessage') })
  await update('Queue', queue, {}, { DelaySeconds: 1 })
  expect(await attributes(queue)).toHaveProperty('Policy')
})

test('a QueueInlinePolicy is the policy of one queue', async () => {
  const queue = await create('Queue', {})
  const before = { Queue: queue.physicalId, PolicyDocument: document('sqs:SendMessage') }
  const policy = await create('QueueInlinePolicy', before)
  expect(policy.physicalId).toBe(queue.physicalId)
  const after = { ...before, PolicyDocument: document('sqs:ReceiveMessage') }
  await update('QueueInlinePolicy', policy, before, after)
  expect(JSON.parse((await attributes(queue)).Policy!)).toEqual(after.PolicyDocument)
  await remove('QueueInlinePolicy', policy, after)
  expect(await attributes(queue)).not.toHaveProperty('Policy')
})

test('a policy for a queue that is not there, or that is none, fails with AWS’s words', async () => {
  const queue = await create('Queue', {})
  const gone = { Queues: [`${queue.physicalId}-not`], PolicyDocument: document('sqs:SendMessage') }
  await expect(create('QueuePolicy', gone)).rejects.toThrow('The specified queue does not exist.')
  const none = { Queues: [queue.physicalId], PolicyDocument: { Statement: 'x' } }
  await expect(create('QueuePolicy', none)).rejects.toThrow('Invalid value for the parameter Policy.')
})

test('attributes set by hand stay until the template says otherwise', async () => {
  const before = { DelaySeconds: 1 }
  const queue = await create('Queue', before)
  await trial.client.send(
    new SetQueueAttributesCommand({ QueueUrl: queue.physicalId, Attributes: { VisibilityTimeout: '99' } }),
  )
  await update('Queue', queue, before, { DelaySeconds: 2 })
  expect(await attributes(queue)).toMatchObject({ DelaySeconds: '2', VisibilityTimeout: '99' })
})
