import { expect } from 'vitest'
import type { UpdateRow, UpdateTable } from './update-row.ts'

const Tags = [{ Key: 'a', Value: 'b' }]
const policy = (Action: string) => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { AWS: '123456789012' }, Action, Resource: '*' }],
})

/** A queue's or topic's attribute, which its API shows as a text. */
const attribute = (property: string, value: unknown, more: Partial<UpdateRow> = {}): UpdateRow => ({
  property,
  does: 'no interruption',
  change: { [property]: value },
  shows: { [property]: typeof value === 'object' ? expect.any(String) : String(value) },
  ...more,
})

/** AWS::SQS::Queue. */
export const queue: UpdateTable = {
  type: 'AWS::SQS::Queue',
  base: {},
  rows: [
    {
      property: 'QueueName',
      does: 'replacement',
      change: { QueueName: 'another-queue' },
      shows: { QueueArn: expect.stringMatching(/:another-queue$/) },
    },
    { property: 'FifoQueue', does: 'replacement', change: { FifoQueue: true }, shows: { FifoQueue: 'true' } },
    attribute('ContentBasedDeduplication', true, { from: { FifoQueue: true } }),
    attribute('DeduplicationScope', 'messageGroup', { from: { FifoQueue: true } }),
    attribute('FifoThroughputLimit', 'perMessageGroupId', {
      from: { FifoQueue: true, DeduplicationScope: 'messageGroup' },
    }),
    attribute('DelaySeconds', 5),
    attribute('KmsMasterKeyId', 'alias/aws/sqs'),
    attribute('KmsDataKeyReusePeriodSeconds', 600, { from: { KmsMasterKeyId: 'alias/aws/sqs' } }),
    attribute('MaximumMessageSize', 2048),
    attribute('MessageRetentionPeriod', 120),
    attribute('ReceiveMessageWaitTimeSeconds', 3),
    attribute('RedriveAllowPolicy', { redrivePermission: 'denyAll' }),
    {
      property: 'RedrivePolicy',
      does: 'no interruption',
      change: ({ QueueArn }) => ({ RedrivePolicy: { deadLetterTargetArn: QueueArn, maxReceiveCount: 3 } }),
      shows: ({ QueueArn }) => ({ RedrivePolicy: expect.stringContaining(QueueArn!) }),
    },
    attribute('SqsManagedSseEnabled', false),
    attribute('VisibilityTimeout', 45),
    { property: 'Tags', does: 'no interruption', change: { Tags }, shows: { tags: { a: 'b' } } },
  ],
}

/** AWS::SQS::QueuePolicy. */
export const queuePolicy: UpdateTable = {
  type: 'AWS::SQS::QueuePolicy',
  base: ({ QueueUrl }) => ({ Queues: [QueueUrl], PolicyDocument: policy('sqs:SendMessage') }),
  rows: [
    {
      property: 'PolicyDocument',
      does: 'no interruption',
      change: { PolicyDocument: policy('sqs:ReceiveMessage') },
      shows: { QueueUrl: expect.stringContaining('sqs:ReceiveMessage'), OtherQueueUrl: undefined },
    },
    {
      property: 'Queues',
      does: 'no interruption',
      change: ({ OtherQueueUrl }) => ({ Queues: [OtherQueueUrl] }),
      shows: { QueueUrl: undefined, OtherQueueUrl: expect.stringContaining('sqs:SendMessage') },
    },
  ],
}

/** AWS::SNS::Topic. */
export const topic: UpdateTable = {
  type: 'AWS::SNS::Topic',
  base: {},
  rows: [
    {
      property: 'TopicName',
      does: 'replacement',
      change: { TopicName: 'another-topic' },
      shows: { TopicArn: expect.stringMatching(/:another-topic$/) },
    },
    { property: 'FifoTopic', does: 'replacement', change: { FifoTopic: true }, shows: { FifoTopic: 'true' } },
    attribute('ContentBasedDeduplication', true, { from: { FifoTopic: true } }),
    attribute('FifoThroughputScope', 'MessageGroup', { from: { FifoTopic: true } }),
    attribute('DisplayName', 'the talk'),
    attribute('SignatureVersion', '2'),
    attribute('MaximumMessageSize', 2048),
    { property: 'TracingConfig', does: 'no interruption', change: { TracingConfig: 'Active' } },
    { property: 'KmsMasterKeyId', does: 'no interruption', change: { KmsMasterKeyId: 'alias/aws/sns' } },
    { property: 'Tags', does: 'no interruption', change: { Tags }, shows: { Tags } },
    {
      property: 'Subscription',
      does: 'no interruption',
      change: ({ QueueArn }) => ({ Subscription: [{ Protocol: 'sqs', Endpoint: QueueArn }] }),
      shows: ({ QueueArn }) => ({ Subscriptions: [{ Endpoint: QueueArn }] }),
    },
  ],
}

/** AWS::SNS::TopicPolicy. */
export const topicPolicy: UpdateTable = {
  type: 'AWS::SNS::TopicPolicy',
  base: ({ TopicArn }) => ({ Topics: [TopicArn], PolicyDocument: policy('sns:Publish') }),
  rows: [
    {
      property: 'PolicyDocument',
      does: 'no interruption',
      change: { PolicyDocument: policy('sns:Subscribe') },
      shows: { TopicArn: expect.stringMatching(/"sns:Subscribe"[^,]*,"Resource":"\*"/) },
    },
    {
      property: 'Topics',
      does: 'no interruption',
      change: ({ OtherTopicArn }) => ({ Topics: [OtherTopicArn] }),
      shows: { OtherTopicArn: expect.stringContaining('"sns:Publish","Resource":"*"') },
    },
  ],
}

/** AWS::SNS::Subscription. */
export const subscription: UpdateTable = {
  type: 'AWS::SNS::Subscription',
  base: ({ TopicArn, QueueArn }) => ({ TopicArn, Protocol: 'sqs', Endpoint: QueueArn }),
  rows: [
    {
      property: 'TopicArn',
      does: 'replacement',
      change: ({ OtherTopicArn }) => ({ TopicArn: OtherTopicArn }),
      shows: ({ OtherTopicArn }) => ({ TopicArn: OtherTopicArn }),
    },
    {
      property: 'Protocol',
      does: 'replacement',
      change: ({ FunctionArn }) => ({ Protocol: 'lambda', Endpoint: FunctionArn }),
      shows: { Protocol: 'lambda' },
    },
    {
      property: 'Endpoint',
      does: 'replacement',
      change: ({ OtherQueueArn }) => ({ Endpoint: OtherQueueArn }),
      shows: ({ OtherQueueArn }) => ({ Endpoint: OtherQueueArn }),
    },
    attribute('FilterPolicy', { kind: ['a'] }),
    attribute('FilterPolicyScope', 'MessageBody', { from: { FilterPolicy: { kind: ['a'] } } }),
    attribute('RawMessageDelivery', true),
    {
      property: 'RedrivePolicy',
      does: 'no interruption',
      change: ({ OtherQueueArn }) => ({ RedrivePolicy: { deadLetterTargetArn: OtherQueueArn } }),
      shows: ({ OtherQueueArn }) => ({ RedrivePolicy: expect.stringContaining(OtherQueueArn!) }),
    },
    attribute(
      'DeliveryPolicy',
      { healthyRetryPolicy: { numRetries: 5, minDelayTarget: 1, maxDelayTarget: 2 } },
      {
        from: { Protocol: 'http', Endpoint: 'http://localhost/hook' },
      },
    ),
    { property: 'Region', does: 'no interruption', change: { Region: 'us-east-1' } },
  ],
}
