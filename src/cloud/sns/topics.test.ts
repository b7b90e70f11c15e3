import {
  AddPermissionCommand,
  CreateTopicCommand,
  DeleteTopicCommand,
  GetTopicAttributesCommand,
  ListTagsForResourceCommand,
  ListTopicsCommand,
  PublishCommand,
  RemovePermissionCommand,
  SetTopicAttributesCommand,
  TagResourceCommand,
  UntagResourceCommand,
} from '@aws-sdk/client-sns'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { refusal, startTrial, type Trial } from './test-server.ts'

let trial: Trial
beforeEach(async () => {
  trial = await startTrial()
})
afterEach(async () => {
  await trial.stop()
  expect(trial.faults).toEqual([])
})

const arn = 'arn:aws:sns:us-east-1:123456789012:Room'
const create = (Name: string, more: object = {}) =>
  trial.client.send(new CreateTopicCommand({ Name, ...more }))
const attributes = async (TopicArn = arn) =>
  (await trial.client.send(new GetTopicAttributesCommand({ TopicArn }))).Attributes!
const set = (AttributeName: string, AttributeValue: string, TopicArn = arn) =>
  trial.client.send(new SetTopicAttributesCommand({ TopicArn, AttributeName, AttributeValue }))
const statements = async () => JSON.parse((await attributes()).Policy!).Statement

const defaultStatement = {
  Sid: '__default_statement_ID',
  Effect: 'Allow',
  Principal: { AWS: '*' },
  Action: [
    'SNS:GetTopicAttributes',
    'SNS:SetTopicAttributes',
    'SNS:AddPermission',
    'SNS:RemovePermission',
    'SNS:DeleteTopic',
    'SNS:Subscribe',
    'SNS:ListSubscriptionsByTopic',
    'SNS:Publish',
  ],
  Resource: arn,
  Condition: { StringEquals: { 'AWS:SourceOwner': '123456789012' } },
}

test('a topic is made with the attributes that AWS shows of a new one', async () => {
  expect((await create('Room')).TopicArn).toBe(arn)
  const { Policy, EffectiveDeliveryPolicy, ...others } = await attributes()
  expect(others).toEqual({
    TopicArn: arn,
    Owner: '123456789012',
    DisplayName: '',
    SubscriptionsConfirmed: '0',
    SubscriptionsPending: '0',
    SubscriptionsDeleted: '0',
  })
  expect(JSON.parse(Policy!)).toEqual({
    Version: '2008-10-17',
    Id: '__default_policy_ID',
    Statement: [defaultStatement],
  })
  expect(JSON.parse(EffectiveDeliveryPolicy!)).toEqual({
    http: {
      defaultHealthyRetryPolicy: {
        minDelayTarget: 20,
        maxDelayTarget: 20,
        numRetries: 3,
        numMaxDelayRetries: 0,
        numNoDelayRetries: 0,
        numMinDelayRetries: 0,
        backoffFunction: 'linear',
      },
      disableSubscriptionOverrides: false,
      defaultRequestPolicy: { headerContentType: 'text/plain; charset=UTF-8' },
    },
  })
})

test('a FIFO topic says so', async () => {
  const Attributes = { FifoTopic: 'true', DisplayName: 'x', SignatureVersion: '2' }
  const { TopicArn } = await create('Room.fifo', { Attributes })
  expect(await attributes(TopicArn)).toMatchObject({
    FifoTopic: 'true',
    ContentBasedDeduplication: 'false',
    DisplayName: 'x',
    SignatureVersion: '2',
  })
})

test('creating again answers with the same topic, unless something else is asked for', async () => {
  const Tags = [{ Key: 'team', Value: 'chat' }]
  await create('Room', { Attributes: { DisplayName: 'Value1' }, Tags })
  expect((await create('Room')).TopicArn).toBe(arn)
  expect((await create('Room', { Attributes: { DisplayName: 'Value1', FifoTopic: 'false' } })).TopicArn).toBe(
    arn,
  )
  const other = [
    'InvalidParameter',
    'Invalid parameter: Attributes Reason: Topic already exists with different attributes',
    400,
  ]
  expect(await refusal(create('Room', { Attributes: { DisplayName: 'Value2' } }))).toEqual(other)
  expect(await refusal(create('Room', { Attributes: { SignatureVersion: '2' } }))).toEqual(other)
  expect(await refusal(create('Room', { Tags: [...Tags, { Key: 'more', Value: 'x' }] }))).toEqual([
    'InvalidParameter',
    'Invalid parameter: Tags Reason: Topic already exists with different tags',
    400,
  ])
})

test.each(['', 'a'.repeat(257), 'test.fifo', 'bad:name', 'bad name', 'bad%name'])(
  'a topic cannot be called %j',
  async name => {
    expect(await refusal(create(name))).toEqual(['InvalidParameter', 'Invalid parameter: Topic Name', 400])
  },
)

test('only a FIFO topic ends in .fifo', async () => {
  expect(await refusal(create('test', { Attributes: { FifoTopic: 'true' } }))).toEqual([
    'InvalidParameter',
    'Invalid parameter: Topic Name',
    400,
  ])
})

test('attributes that are none, or not here, are refused by name', async () => {
  await create('Room')
  expect(await refusal(set('FifoTopic', 'false'))).toEqual([
    'InvalidParameter',
    'Invalid parameter: AttributeName',
    400,
  ])
  expect(await refusal(set('LambdaSuccessFeedbackRoleArn', 'x'))).toEqual([
    'InvalidParameter',
    'Invalid parameter: LambdaSuccessFeedbackRoleArn: the local cloud does not have this',
    400,
  ])
  expect((await refusal(set('SignatureVersion', '3')))[1]).toBe('Invalid parameter: SignatureVersion')
  expect((await refusal(set('Policy', '{"Statement":[{}]}')))[1]).toBe(
    'Invalid parameter: Policy Error: null',
  )
  expect((await refusal(set('ContentBasedDeduplication', 'true')))[1]).toBe(
    'Invalid parameter: ContentBasedDeduplication can only be set for FIFO topics',
  )
})

test('a delivery policy is shown as given, and as it works out', async () => {
  await create('Room')
  await set(
    'DeliveryPolicy',
    '{"http":{"defaultHealthyRetryPolicy":{"minDelayTarget":5,"maxDelayTarget":6,"numRetries":1}}}',
  )
  expect(JSON.parse((await attributes()).EffectiveDeliveryPolicy!).http).toMatchObject({
    defaultHealthyRetryPolicy: {
      minDelayTarget: 5,
      maxDelayTarget: 6,
      numRetries: 1,
      backoffFunction: 'linear',
    },
    defaultRequestPolicy: { headerContentType: 'text/plain; charset=UTF-8' },
  })
  await set('DeliveryPolicy', '')
  expect(await attributes()).not.toHaveProperty('DeliveryPolicy')
  expect(
    (await refusal(set('DeliveryPolicy', '{"http":{"defaultHealthyRetryPolicy":{"numRetries":101}}}')))[0],
  ).toBe('InvalidParameter')
})

test('ARNs that are none, of another region, or of no topic', async () => {
  const get = (TopicArn: string) => refusal(trial.client.send(new GetTopicAttributesCommand({ TopicArn })))
  expect(await get('randomstring')).toEqual([
    'InvalidParameter',
    'Invalid parameter: TopicArn Reason: An ARN must have at least 6 elements, not 1',
    400,
  ])
  expect(await get(arn.replace('us-east-1', 'eu-west-1'))).toEqual([
    'InvalidParameter',
    'Invalid parameter: TopicArn',
    400,
  ])
  expect(await get(arn)).toEqual(['NotFound', 'Topic does not exist', 404])
})

test('topics are listed a hundred at a time, and go', async () => {
  for (let index = 0; index < 103; index++) await create(`t${index}`)
  const first = await trial.client.send(new ListTopicsCommand({}))
  expect(first.Topics).toHaveLength(100)
  const rest = await trial.client.send(new ListTopicsCommand({ NextToken: first.NextToken }))
  expect(rest.Topics?.map(one => one.TopicArn?.split(':')[5])).toEqual(['t100', 't101', 't102'])
  expect(rest.NextToken).toBeUndefined()
  await trial.client.send(new DeleteTopicCommand({ TopicArn: arn.replace('Room', 't0') }))
  await trial.client.send(new DeleteTopicCommand({ TopicArn: arn.replace('Room', 't0') }))
  expect((await trial.client.send(new ListTopicsCommand({}))).Topics?.[0]?.TopicArn).toMatch(/t1$/)
})

test('tags come, change and go', async () => {
  await create('Room', { Tags: [{ Key: 'k1', Value: 'v1' }] })
  const tags = async () =>
    (await trial.client.send(new ListTagsForResourceCommand({ ResourceArn: arn }))).Tags
  const tag = (...Tags: { Key: string; Value: string }[]) =>
    trial.client.send(new TagResourceCommand({ ResourceArn: arn, Tags }))
  await tag({ Key: 'k2', Value: 'v2' }, { Key: 'k1', Value: 'v1b' })
  expect(await tags()).toEqual([
    { Key: 'k1', Value: 'v1b' },
    { Key: 'k2', Value: 'v2' },
  ])
  await trial.client.send(new UntagResourceCommand({ ResourceArn: arn, TagKeys: ['k1'] }))
  expect(await tags()).toEqual([{ Key: 'k2', Value: 'v2' }])
  expect(await refusal(tag({ Key: 'k', Value: '1' }, { Key: 'k', Value: '2' }))).toEqual([
    'InvalidParameter',
    'Invalid parameter: Duplicated keys are not allowed.',
    400,
  ])
  await trial.client.send(new DeleteTopicCommand({ TopicArn: arn }))
  expect(await refusal(tags() as Promise<unknown>)).toEqual([
    'ResourceNotFound',
    'Resource does not exist',
    404,
  ])
})

test('permissions are statements of the policy', async () => {
  await create('Room')
  const add = (Label: string, ...ActionName: string[]) =>
    trial.client.send(
      new AddPermissionCommand({ TopicArn: arn, Label, AWSAccountId: ['111122223333'], ActionName }),
    )
  await add('one', 'Publish')
  await add('two', 'Publish', 'Subscribe')
  const root = { AWS: 'arn:aws:iam::111122223333:root' }
  expect(await statements()).toEqual([
    defaultStatement,
    { Sid: 'one', Effect: 'Allow', Principal: root, Action: 'SNS:Publish', Resource: arn },
    {
      Sid: 'two',
      Effect: 'Allow',
      Principal: root,
      Action: ['SNS:Publish', 'SNS:Subscribe'],
      Resource: arn,
    },
  ])
  expect(await refusal(add('one', 'Publish'))).toEqual([
    'InvalidParameter',
    'Invalid parameter: Statement already exists',
    400,
  ])
  expect(await refusal(add('three', 'InvalidAction'))).toEqual([
    'InvalidParameter',
    'Invalid parameter: Policy statement action out of service scope!',
    400,
  ])
  await trial.client.send(new RemovePermissionCommand({ TopicArn: arn, Label: 'one' }))
  await trial.client.send(new RemovePermissionCommand({ TopicArn: arn, Label: 'two' }))
  expect(await statements()).toEqual([defaultStatement])
})

test("J5 a role without permission is denied in SNS's words, whatever the default policy seems to say", async () => {
  await create('Room')
  const nobody = trial.clientOf('Say')
  expect(await refusal(nobody.send(new PublishCommand({ TopicArn: arn, Message: 'x' })))).toEqual([
    'AuthorizationError',
    'User: arn:aws:sts::123456789012:assumed-role/Say/session is not authorized to perform: SNS:Publish on resource: ' +
      `${arn} because no identity-based policy allows the SNS:Publish action`,
    403,
  ])
})

test('J5 the SDK names the denial AuthorizationErrorException', async () => {
  const nobody = trial.clientOf('Say')
  await expect(nobody.send(new ListTopicsCommand({}))).rejects.toMatchObject({
    name: 'AuthorizationErrorException',
    message: expect.stringContaining(
      'SNS:ListTopics on resource: arn:aws:sns:us-east-1:123456789012:* because no identity-based policy',
    ),
  })
})

test("leave comes from the role's policy, or from the topic's", async () => {
  await create('Room')
  await create('Other')
  const allowed = trial.clientOf('Say', { Effect: 'Allow', Action: 'sns:Publish', Resource: arn })
  await allowed.send(new PublishCommand({ TopicArn: arn, Message: 'x' }))
  const Other = arn.replace('Room', 'Other')
  expect((await refusal(allowed.send(new PublishCommand({ TopicArn: Other, Message: 'x' }))))[0]).toBe(
    'AuthorizationError',
  )

  const named = trial.clientOf('Named')
  const Principal = { AWS: 'arn:aws:iam::123456789012:role/Named' }
  const Statement = [{ Effect: 'Allow', Principal, Action: 'SNS:Publish', Resource: Other }]
  await set('Policy', JSON.stringify({ Version: '2012-10-17', Statement }), Other)
  await named.send(new PublishCommand({ TopicArn: Other, Message: 'x' }))
})

test('J2 a denial does not tell whether there is such a topic', async () => {
  const nobody = trial.clientOf('Say')
  expect((await refusal(nobody.send(new PublishCommand({ TopicArn: arn, Message: 'x' }))))[0]).toBe(
    'AuthorizationError',
  )
})
