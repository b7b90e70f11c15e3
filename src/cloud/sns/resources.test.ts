import {
  CreateTopicCommand,
  GetSubscriptionAttributesCommand,
  GetTopicAttributesCommand,
  ListSubscriptionsByTopicCommand,
  ListSubscriptionsCommand,
  ListTagsForResourceCommand,
  ListTopicsCommand,
} from '@aws-sdk/client-sns'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Properties } from '../cloudformation/properties.ts'
import type { Physical } from '../cloudformation/resource.ts'
import { startTrial, type Trial } from './test-server.ts'

let trial: Trial
beforeEach(async () => {
  trial = await startTrial()
})
afterEach(async () => {
  await trial.stop()
  expect(trial.faults).toEqual([])
})

const topicArn = (name: string) => `arn:aws:sns:us-east-1:123456789012:${name}`
const queue = 'arn:aws:sqs:us-east-1:123456789012:Inbox'
const type = (name: string) => trial.sns.resources.find(one => one.type === `AWS::SNS::${name}`)!
const request = (properties: Properties) => ({
  stackName: 'Chat',
  logicalId: 'Thing',
  properties,
  inventName: (maxLength = 255) => 'Chat-Thing-ABCDEFGHIJKL'.slice(0, maxLength),
})
const create = (name: string, properties: Properties) => type(name).create(request(properties)) as Physical
const update = (name: string, made: Physical, before: Properties, after: Properties) =>
  type(name).update!(request(after), { ...made, properties: before }) as Physical
const remove = (name: string, made: Physical, properties: Properties = {}) =>
  type(name).delete!({ ...made, properties, logicalId: 'Thing' })
const attributes = async (TopicArn: string) =>
  (await trial.client.send(new GetTopicAttributesCommand({ TopicArn }))).Attributes!
const subscriptionsOf = async (TopicArn: string) =>
  (await trial.client.send(new ListSubscriptionsByTopicCommand({ TopicArn }))).Subscriptions!
const shown = async (SubscriptionArn: string) =>
  (await trial.client.send(new GetSubscriptionAttributesCommand({ SubscriptionArn }))).Attributes!

test('a topic is named by CloudFormation; Ref is its ARN', async () => {
  const made = create('Topic', {})
  expect(made).toEqual({
    physicalId: topicArn('Chat-Thing-ABCDEFGHIJKL'),
    attributes: { TopicArn: topicArn('Chat-Thing-ABCDEFGHIJKL'), TopicName: 'Chat-Thing-ABCDEFGHIJKL' },
  })
  expect(create('Topic', { FifoTopic: true }).physicalId).toBe(topicArn('Chat-Thing-ABCDEFGHIJKL.fifo'))
  remove('Topic', made)
  expect((await trial.client.send(new ListTopicsCommand({}))).Topics).toHaveLength(1)
})

test('a topic comes with all that its properties say, and changes with them', async () => {
  const before = {
    TopicName: 'Room',
    DisplayName: 'The room',
    SignatureVersion: 2,
    Tags: [{ Key: 'team', Value: 'chat' }],
    Subscription: [{ Protocol: 'sqs', Endpoint: queue }],
    TracingConfig: 'Active',
  }
  const made = create('Topic', before)
  expect(await attributes(made.physicalId)).toMatchObject({ DisplayName: 'The room', SignatureVersion: '2' })
  expect(await subscriptionsOf(made.physicalId)).toMatchObject([{ Protocol: 'sqs', Endpoint: queue }])

  const after = { TopicName: 'Room', Subscription: [{ Protocol: 'sqs', Endpoint: `${queue}2` }] }
  expect(update('Topic', made, before, after)).toEqual(made)
  const { DisplayName, ...others } = await attributes(made.physicalId)
  expect(DisplayName).toBe('')
  expect(others).not.toHaveProperty('SignatureVersion')
  expect(await subscriptionsOf(made.physicalId)).toMatchObject([{ Endpoint: `${queue}2` }])
  const { Tags } = await trial.client.send(new ListTagsForResourceCommand({ ResourceArn: made.physicalId }))
  expect(Tags ?? []).toEqual([])
  remove('Topic', made, after)
  expect((await trial.client.send(new ListSubscriptionsCommand({}))).Subscriptions ?? []).toEqual([])
})

test('a topic that is there already is not made a second time', async () => {
  await trial.client.send(new CreateTopicCommand({ Name: 'Room' }))
  expect(() => create('Topic', { TopicName: 'Room' })).toThrow('already exists')
})

test('a subscription is made, changed and ended; its policies are objects', async () => {
  const { physicalId: TopicArn } = create('Topic', {})
  const before = {
    TopicArn,
    Protocol: 'sqs',
    Endpoint: queue,
    FilterPolicy: { kind: ['chat'] },
    RawMessageDelivery: true,
    RedrivePolicy: { deadLetterTargetArn: `${queue}-dead` },
    Region: 'us-east-1',
  }
  const made = create('Subscription', before)
  expect(made.attributes).toEqual({ Arn: made.physicalId })
  expect(await shown(made.physicalId)).toMatchObject({
    RawMessageDelivery: 'true',
    FilterPolicy: '{"kind":["chat"]}',
    FilterPolicyScope: 'MessageAttributes',
    RedrivePolicy: `{"deadLetterTargetArn":"${queue}-dead"}`,
  })
  const after = {
    TopicArn,
    Protocol: 'sqs',
    Endpoint: queue,
    FilterPolicy: { kind: { name: ['chat'] } },
    FilterPolicyScope: 'MessageBody',
  }
  update('Subscription', made, before, after)
  const now = await shown(made.physicalId)
  expect(now).toMatchObject({
    RawMessageDelivery: 'false',
    FilterPolicy: '{"kind":{"name":["chat"]}}',
    FilterPolicyScope: 'MessageBody',
  })
  expect(now).not.toHaveProperty('RedrivePolicy')
  remove('Subscription', made, after)
  remove('Subscription', made, after)
  expect(await subscriptionsOf(TopicArn)).toEqual([])
})

test('a bad filter policy fails with what AWS says', () => {
  const { physicalId: TopicArn } = create('Topic', {})
  const bad = { TopicArn, Protocol: 'sqs', Endpoint: queue, FilterPolicy: { key: [] } }
  expect(() => create('Subscription', bad)).toThrow(
    'Invalid parameter: Attributes Reason: FilterPolicy: Empty arrays are not allowed',
  )
})

test('policies stand in the place of the default one, and give it back', async () => {
  const { physicalId: arn } = create('Topic', { TopicName: 'Room' })
  const { physicalId: other } = create('Topic', { TopicName: 'Other' })
  const document = (Resource: string) => ({
    Version: '2012-10-17',
    Statement: [
      { Effect: 'Allow', Principal: { Service: 's3.amazonaws.com' }, Action: 'sns:Publish', Resource },
    ],
  })
  const policyOf = async (topic: string) => JSON.parse((await attributes(topic)).Policy!)
  const isDefault = async (topic: string) => (await policyOf(topic)).Id === '__default_policy_ID'

  const properties = { Topics: [arn, other], PolicyDocument: document(arn) }
  const made = create('TopicPolicy', properties)
  expect(made.physicalId).toBe('Chat-Thing-ABCDEFGHIJKL')
  expect(await policyOf(arn)).toEqual(document(arn))
  const fewer = { Topics: [arn], PolicyDocument: document(arn) }
  update('TopicPolicy', made, properties, fewer)
  expect([await isDefault(arn), await isDefault(other)]).toEqual([false, true])
  remove('TopicPolicy', made, fewer)
  expect(await isDefault(arn)).toBe(true)

  const inline = create('TopicInlinePolicy', { TopicArn: arn, PolicyDocument: document(arn) })
  expect(inline.physicalId).toBe(arn)
  expect(await policyOf(arn)).toEqual(document(arn))
  remove('TopicInlinePolicy', inline)
  expect(await isDefault(arn)).toBe(true)
})

test('what cannot be delivered here is refused by name before anything starts', () => {
  const refuse = (name: string, properties: Properties) => type(name).refuse!(properties)
  expect(refuse('Subscription', { Protocol: 'email' })).toEqual([
    'Protocol email: the local cloud does not deliver by it',
  ])
  expect(refuse('Subscription', { Protocol: 'sqs', Region: 'eu-west-1' })).toEqual([
    'Region eu-west-1: the local cloud has one region, us-east-1',
  ])
  expect(refuse('Subscription', { Protocol: { Ref: 'Parameter' }, Region: { Ref: 'AWS::Region' } })).toEqual(
    [],
  )
  expect(refuse('Topic', { Subscription: [{ Protocol: 'sms' }] })).toEqual([
    'Subscription: Protocol sms: the local cloud does not deliver by it',
  ])
})
