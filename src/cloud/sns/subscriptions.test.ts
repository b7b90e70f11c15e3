import {
  ConfirmSubscriptionCommand,
  CreateTopicCommand,
  DeleteTopicCommand,
  GetSubscriptionAttributesCommand,
  GetTopicAttributesCommand,
  ListSubscriptionsByTopicCommand,
  ListSubscriptionsCommand,
  SetSubscriptionAttributesCommand,
  SubscribeCommand,
  UnsubscribeCommand,
} from '@aws-sdk/client-sns'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { refusal, startTrial, type Trial } from './test-server.ts'

let trial: Trial
beforeEach(async () => {
  trial = await startTrial()
  await trial.client.send(new CreateTopicCommand({ Name: 'Room' }))
  await trial.client.send(new CreateTopicCommand({ Name: 'Room.fifo', Attributes: { FifoTopic: 'true' } }))
})
afterEach(async () => {
  await trial.stop()
  expect(trial.faults).toEqual([])
})

const arn = 'arn:aws:sns:us-east-1:123456789012:Room'
const fifo = `${arn}.fifo`
const queue = 'arn:aws:sqs:us-east-1:123456789012:Inbox'
const fn = 'arn:aws:lambda:us-east-1:123456789012:function:say'
const subscribe = async (more: object = {}) =>
  (
    await trial.client.send(
      new SubscribeCommand({ TopicArn: arn, Protocol: 'sqs', Endpoint: queue, ...more }),
    )
  ).SubscriptionArn!
const attributes = async (SubscriptionArn: string) =>
  (await trial.client.send(new GetSubscriptionAttributesCommand({ SubscriptionArn }))).Attributes!
const set = (SubscriptionArn: string, AttributeName: string, AttributeValue: string) =>
  trial.client.send(new SetSubscriptionAttributesCommand({ SubscriptionArn, AttributeName, AttributeValue }))
const invalid = (what: string) => ['InvalidParameter', `Invalid parameter: ${what}`, 400]

test('a queue is subscribed at once, with the attributes that AWS shows', async () => {
  const made = await subscribe()
  expect(made).toMatch(new RegExp(`^${arn}:[\\da-f-]{36}$`))
  expect(await attributes(made)).toEqual({
    SubscriptionArn: made,
    TopicArn: arn,
    Protocol: 'sqs',
    Endpoint: queue,
    Owner: '123456789012',
    SubscriptionPrincipal: 'arn:aws:iam::123456789012:user/learner',
    PendingConfirmation: 'false',
    ConfirmationWasAuthenticated: 'true',
    RawMessageDelivery: 'false',
  })
})

test('a filter policy is shown with its scope, a redrive policy as given', async () => {
  const policy = '{"object":{"key":[{"prefix":"auto-"}]}}'
  const redrive = '{"deadLetterTargetArn":"arn:aws:sqs:us-east-1:123456789012:Dead"}'
  const made = await subscribe()
  expect(await refusal(set(made, 'FilterPolicy', policy))).toEqual(
    invalid('Filter policy scope MessageAttributes does not support nested filter policy'),
  )
  await set(made, 'FilterPolicyScope', 'MessageBody')
  expect(await attributes(made)).not.toHaveProperty('FilterPolicyScope')
  await set(made, 'FilterPolicy', policy)
  await set(made, 'RedrivePolicy', redrive)
  expect(await attributes(made)).toMatchObject({
    FilterPolicy: policy,
    FilterPolicyScope: 'MessageBody',
    RedrivePolicy: redrive,
  })
  await set(made, 'FilterPolicy', '')
  await set(made, 'RedrivePolicy', '')
  expect(Object.keys(await attributes(made))).not.toContain('FilterPolicy')
  expect(Object.keys(await attributes(made))).not.toContain('RedrivePolicy')
})

test('subscribing again answers with the same subscription, unless something else is asked for', async () => {
  const made = await subscribe({ Attributes: { RawMessageDelivery: 'True' } })
  expect(await attributes(made)).toMatchObject({ RawMessageDelivery: 'true' })
  for (const Attributes of [
    { RawMessageDelivery: 'true' },
    { RawMessageDelivery: 'true', FilterPolicyScope: 'MessageAttributes' },
    undefined,
    {},
  ]) {
    expect(await subscribe({ Attributes })).toBe(made)
  }
  expect(
    await refusal(
      subscribe({ Attributes: { RawMessageDelivery: 'false', FilterPolicyScope: 'MessageBody' } }),
    ),
  ).toEqual(invalid('Attributes Reason: Subscription already exists with different attributes'))
})

test.each<[object, string]>([
  [{ TopicArn: 'randomstring' }, 'TopicArn Reason: An ARN must have at least 6 elements, not 1'],
  [
    { TopicArn: 'arn:aws:sns:us-east-1:random' },
    'TopicArn Reason: An ARN must have at least 6 elements, not 5',
  ],
  [{ Protocol: 'test-protocol' }, 'Amazon SNS does not support this protocol string: test-protocol'],
  [{ Protocol: 'email', Endpoint: 'a@b.c' }, 'Protocol Reason: the local cloud does not deliver by email'],
  [{ Endpoint: 'https://sqs.us-east-1.amazonaws.com/1/Inbox' }, 'SQS endpoint ARN'],
  [
    { Endpoint: `${queue}.fifo` },
    'Invalid parameter: Endpoint Reason: FIFO SQS Queues can not be subscribed to standard SNS topics',
  ],
  [{ Protocol: 'lambda' }, 'Lambda endpoint ARN'],
  [{ Protocol: 'http', Endpoint: 'https://example.com' }, 'Endpoint must match the specified protocol'],
  [
    { Protocol: 'https', Endpoint: 'https://x.execute-api.us-east-1.amazonaws.com/live' },
    'Endpoint Reason: the local cloud sends nothing to AWS itself (x.execute-api.us-east-1.amazonaws.com)',
  ],
  [
    { TopicArn: fifo, Protocol: 'lambda', Endpoint: fn },
    'Invalid parameter: Endpoint Reason: Please use FIFO SQS queue',
  ],
  [
    { Attributes: { RawMessageDelivery: 'wrongvalue' } },
    'Attributes Reason: RawMessageDelivery: Invalid value [wrongvalue]. Must be true or false.',
  ],
  [
    { Protocol: 'lambda', Endpoint: fn, Attributes: { RawMessageDelivery: 'true' } },
    'Attributes Reason: Delivery protocol [lambda] does not support raw message delivery.',
  ],
])('subscribing with %j is refused: %s', async (more, problem) => {
  expect(await refusal(subscribe(more))).toEqual(invalid(problem))
})

test('a topic that is not there cannot be subscribed to', async () => {
  expect(await refusal(subscribe({ TopicArn: `${arn}s` }))).toEqual(['NotFound', 'Topic does not exist', 404])
})

test('attributes are set only to what they can be', async () => {
  const made = await subscribe()
  const json = (text: string) => `failed to parse JSON. ${text}`
  const where =
    '[Source: REDACTED (`StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION` disabled); line: 1, column: 2]'
  const notJson = json(
    `Unexpected character ('i' (code 105)): was expecting double-quote to start field name\n at ${where}`,
  )
  const refused = async (name: string, value: string) => await refusal(set(made, name, value))
  expect(await refused('fake', 'x')).toEqual(invalid('AttributeName'))
  expect(await refused('RawMessageDelivery', '')).toEqual(
    invalid('RawMessageDelivery: Invalid value []. Must be true or false.'),
  )
  expect(await refused('FilterPolicyScope', 'RandomValue')).toEqual(
    invalid(
      'FilterPolicyScope: Invalid value [RandomValue]. Please use either MessageBody or MessageAttributes',
    ),
  )
  expect(await refused('RedrivePolicy', '{"deadLetterTargetArn":"fake"}')).toEqual(
    invalid('RedrivePolicy: deadLetterTargetArn is an invalid arn'),
  )
  expect(await refused('RedrivePolicy', '{invalidjson}')).toEqual(invalid(`RedrivePolicy: ${notJson}`))
  expect(await refused('FilterPolicy', '{invalidjson}')).toEqual(invalid(`FilterPolicy: ${notJson}`))
  expect(await refused('ReplayPolicy', '{}')).toEqual(
    invalid('ReplayPolicy: the local cloud does not have this'),
  )
})

test('the dead-letter queue of a FIFO subscription is FIFO too', async () => {
  const made = await subscribe({ TopicArn: fifo, Endpoint: `${queue}.fifo` })
  expect(await refusal(set(made, 'RedrivePolicy', JSON.stringify({ deadLetterTargetArn: queue })))).toEqual(
    invalid('RedrivePolicy: must use a FIFO queue as DLQ for a FIFO Subscription to a FIFO Topic.'),
  )
  await set(made, 'RedrivePolicy', JSON.stringify({ deadLetterTargetArn: `${queue}.fifo` }))
})

test('subscriptions are listed, counted, and go', async () => {
  const made = await subscribe()
  await subscribe({ Protocol: 'lambda', Endpoint: fn })
  const other = await subscribe({ TopicArn: fifo })
  const { Subscriptions } = await trial.client.send(new ListSubscriptionsByTopicCommand({ TopicArn: arn }))
  expect(Subscriptions).toHaveLength(2)
  expect(Subscriptions![0]).toEqual({
    SubscriptionArn: made,
    Owner: '123456789012',
    Protocol: 'sqs',
    Endpoint: queue,
    TopicArn: arn,
  })
  const counts = async () =>
    (await trial.client.send(new GetTopicAttributesCommand({ TopicArn: arn }))).Attributes!
  expect(await counts()).toMatchObject({ SubscriptionsConfirmed: '2', SubscriptionsDeleted: '0' })
  await trial.client.send(new UnsubscribeCommand({ SubscriptionArn: made }))
  await trial.client.send(new UnsubscribeCommand({ SubscriptionArn: made }))
  expect(await counts()).toMatchObject({ SubscriptionsConfirmed: '1', SubscriptionsDeleted: '1' })
  await trial.client.send(new DeleteTopicCommand({ TopicArn: arn }))
  const { Subscriptions: left } = await trial.client.send(new ListSubscriptionsCommand({}))
  expect(left?.map(one => one.SubscriptionArn)).toEqual([other])
  expect(await refusal(attributes(made))).toEqual(['NotFound', 'Subscription does not exist', 404])
})

test.each([
  ['randomstring', 'SubscriptionArn Reason: An ARN must have at least 6 elements, not 1'],
  ['arn:aws:sns:us-east-1:random', 'SubscriptionArn Reason: An ARN must have at least 6 elements, not 5'],
  ['arn:aws:sns:us-east-1:111111111111:random', 'SubscriptionId'],
])('%s is no subscription', async (SubscriptionArn, problem) => {
  expect(await refusal(trial.client.send(new UnsubscribeCommand({ SubscriptionArn })))).toEqual(
    invalid(problem),
  )
})

test('tokens that are none, or nobody knows', async () => {
  const confirm = (Token: string, TopicArn = arn) =>
    refusal(trial.client.send(new ConfirmSubscriptionCommand({ TopicArn, Token })))
  expect(await confirm('randomtoken')).toEqual(['InvalidParameter', 'Invalid token', 400])
  expect(await confirm('abc123')).toEqual(invalid('Token'))
  expect(await confirm('abc123', arn.replace('us-east-1', 'eu-west-1'))).toEqual(invalid('Topic'))
  expect(await confirm('abc123', 'not-an-arn')).toEqual(invalid('Topic'))
})

test("denials of what is done to a subscription name its topic, and a topic's policy can ask how one subscribes", async () => {
  const made = await subscribe()
  const nobody = trial.clientOf('Nobody')
  const [, message] = await refusal(nobody.send(new UnsubscribeCommand({ SubscriptionArn: made })))
  expect(message).toContain(`is not authorized to perform: SNS:Unsubscribe on resource: ${arn} because`)
  const onlyQueues = trial.clientOf('OnlyQueues', {
    Effect: 'Allow',
    Action: 'sns:Subscribe',
    Resource: '*',
    Condition: { StringEquals: { 'sns:Protocol': 'sqs' }, StringLike: { 'sns:Endpoint': '*:Inbox' } },
  })
  await onlyQueues.send(new SubscribeCommand({ TopicArn: arn, Protocol: 'sqs', Endpoint: queue }))
  const other = onlyQueues.send(new SubscribeCommand({ TopicArn: arn, Protocol: 'lambda', Endpoint: fn }))
  expect((await refusal(other))[0]).toBe('AuthorizationError')
})
