import type { Account } from '../account.ts'
import { AwsError } from '../error.ts'
import type { Principal } from '../iam/principal.ts'
import { lacking } from '../lack.ts'
import type { Access, Call, Operation } from '../service.ts'
import { checkSubscriptionArn, checkTopicArn, topicArn, topicArnOf } from './arns.ts'
import { invalidParameter, missing } from './errors.ts'
import { checkAttributes } from './message-attributes.ts'
import { paged } from './paged.ts'
import { type BatchEntry, checkCount, type Publishing } from './publishing.ts'
import { shownSubscription } from './subscription-attributes.ts'
import type { Subscriptions } from './subscriptions.ts'
import { addTags, type Tag } from './tags.ts'
import type { Subscription, Topic } from './topic.ts'
import { shownTopic } from './topic-attributes.ts'
import { addPermission, removePermission } from './topic-policy.ts'
import type { Topics } from './topics.ts'

type Input = Readonly<Record<string, any>>

/** What the operations work on. */
export interface Rooms {
  readonly account: Account
  readonly topics: Topics
  readonly subscriptions: Subscriptions
  readonly publishing: Publishing
}

/**
 * The operations of SNS, a table: that is why this file is long. Denials come before any word on whether a topic is
 * there; what is done to a subscription IAM is asked about its topic, as AWS's denials show.
 */
export function operations({
  account,
  topics,
  subscriptions,
  publishing,
}: Rooms): readonly Operation<Input>[] {
  const everyTopic = topicArn(account, '*')

  return [
    {
      name: 'CreateTopic',
      access({ Name, Tags }) {
        const resource = topicArn(account, Name ?? '')
        const context = requestTags(Tags || [])
        return [
          { action: 'SNS:CreateTopic', resource, context },
          ...(Tags ? [{ action: 'SNS:TagResource', resource, context }] : []),
        ]
      },
      run({ Name, Attributes, Tags, DataProtectionPolicy }) {
        if (Name === undefined) throw missing('Name')
        if (DataProtectionPolicy)
          throw lacking(invalidParameter('DataProtectionPolicy: the local cloud has none'))
        return { TopicArn: topics.create({ name: Name, attributes: Attributes || {}, tags: Tags || [] }).arn }
      },
    },
    onTopic('DeleteTopic', input => topics.delete(input.TopicArn)),
    {
      name: 'ListTopics',
      access: () => [{ action: 'SNS:ListTopics', resource: everyTopic }],
      run(input) {
        const { items, NextToken } = paged([...topics.all.values()], input.NextToken)
        return { Topics: items.map(({ arn }) => ({ TopicArn: arn })), NextToken }
      },
    },
    onTopic('GetTopicAttributes', input => ({ Attributes: shownTopic(topics.find(input.TopicArn)) })),
    onTopic('SetTopicAttributes', ({ TopicArn, AttributeName, AttributeValue = '' }) => {
      if (AttributeName === undefined) throw missing('AttributeName')
      topics.setAttribute(TopicArn, AttributeName, AttributeValue)
    }),
    onTopic('AddPermission', ({ TopicArn, Label, AWSAccountId, ActionName }) => {
      const topic = topics.find(TopicArn)
      if (Label === undefined) throw missing('Label')
      const added = { label: Label, accountIds: AWSAccountId || [], actions: ActionName || [] }
      topic.policy = addPermission(topic.policy, topic.arn, added)
    }),
    onTopic('RemovePermission', ({ TopicArn, Label }) => {
      const topic = topics.find(TopicArn)
      if (Label === undefined) throw missing('Label')
      topic.policy = removePermission(topic.policy, Label)
    }),
    {
      ...onTopic('Subscribe', subscribe),
      access(input) {
        const context = { 'sns:Protocol': input.Protocol ?? '', 'sns:Endpoint': input.Endpoint ?? '' }
        return [about('Subscribe', checkTopicArn(input.TopicArn, account), context)]
      },
    },
    {
      name: 'ConfirmSubscription',
      access: ({ TopicArn }) => [about('ConfirmSubscription', checkTopicOfToken(TopicArn, account))],
      run({ Token, AuthenticateOnUnsubscribe }) {
        if (Token === undefined) throw missing('Token')
        const onlyOwnerMayEnd = AuthenticateOnUnsubscribe === 'true'
        return { SubscriptionArn: subscriptions.confirm(Token, { isSigned: true, onlyOwnerMayEnd }).arn }
      },
    },
    onSubscription('Unsubscribe', arn => subscriptions.unsubscribe(arn)),
    {
      name: 'ListSubscriptions',
      access: () => [{ action: 'SNS:ListSubscriptions', resource: everyTopic }],
      run: input => listed(subscriptions.all(), input.NextToken),
    },
    onTopic('ListSubscriptionsByTopic', input =>
      listed([...topics.find(input.TopicArn).subscriptions.values()], input.NextToken),
    ),
    onSubscription('GetSubscriptionAttributes', arn => ({
      Attributes: shownSubscription(subscriptions.find(arn)),
    })),
    onSubscription('SetSubscriptionAttributes', (arn, { AttributeName, AttributeValue = '' }) => {
      if (AttributeName === undefined) throw missing('AttributeName')
      subscriptions.setAttributes(subscriptions.find(arn), { [AttributeName]: AttributeValue })
    }),
    {
      name: 'Publish',
      access: input => [about('Publish', checkTarget(input, account))],
      run(input, call) {
        const topic = topics.find(input.TopicArn ?? input.TargetArn)
        const attributes = checkAttributes(input.MessageAttributes)
        return publishing.publish(topic, input, attributes, circumstances(call))
      },
    },
    {
      name: 'PublishBatch',
      access(input) {
        checkCount(input.PublishBatchRequestEntries || [])
        return [about('Publish', checkTopicArn(input.TopicArn, account))]
      },
      run(input, call) {
        const topic = topics.find(input.TopicArn)
        const entries: readonly BatchEntry[] = input.PublishBatchRequestEntries || []
        const attributesOf = (index: number) =>
          checkAttributes(
            entries[index]!.MessageAttributes,
            `publishBatchRequestEntries.${index + 1}.member.`,
          )
        const Successful = publishing.publishBatch(topic, entries, attributesOf, circumstances(call))
        return { Successful, Failed: [] }
      },
    },
    onResource('TagResource', (topic, { Tags }) => {
      addTags(topic.tags, Tags || [])
      return {}
    }),
    onResource('UntagResource', (topic, { TagKeys }) => {
      for (const key of TagKeys || []) topic.tags.delete(key)
      return {}
    }),
    onResource('ListTagsForResource', topic => ({
      Tags: [...topic.tags].map(([Key, Value]) => ({ Key, Value })),
    })),
  ]

  function onTopic(name: string, run: (input: Input, call: Call) => unknown): Operation<Input> {
    return { name, access: input => [about(name, checkTopicArn(input.TopicArn, account))], run }
  }

  function onSubscription(name: string, run: (arn: string, input: Input) => unknown): Operation<Input> {
    return {
      name,
      access: input => [about(name, topicArnOf(checkSubscriptionArn(input.SubscriptionArn)))],
      run: input => run(input.SubscriptionArn, input),
    }
  }

  function onResource(name: string, run: (topic: Topic, input: Input) => unknown): Operation<Input> {
    return {
      name,
      access: input => [
        about(name, checkTopicArn(input.ResourceArn, account, 'ResourceArn'), requestTags(input.Tags || [])),
      ],
      run(input) {
        const topic = topics.all.get(input.ResourceArn)
        if (!topic) throw new AwsError('ResourceNotFound', 'Resource does not exist', 404)
        return run(topic, input)
      },
    }
  }

  /** The question for IAM, with the topic's own policy and tags if there is such a topic. */
  function about(action: string, resource: string, context: Readonly<Record<string, string>> = {}): Access {
    const topic = topics.all.get(resource)
    const tags = [...(topic?.tags ?? [])].map(([key, value]) => [`aws:ResourceTag/${key}`, value])
    return {
      action: `SNS:${action}`,
      resource,
      context: { ...Object.fromEntries(tags), ...context },
      ...(topic ? { resourcePolicy: JSON.parse(topic.policy) } : {}),
    }
  }

  function subscribe(input: Input, { principal }: Call) {
    const subscription = subscriptions.subscribe({
      topicArn: input.TopicArn,
      protocol: input.Protocol,
      endpoint: input.Endpoint,
      attributes: input.Attributes || {},
      principal: subscriberOf(principal),
    })
    const isTold = subscription.isConfirmed || input.ReturnSubscriptionArn === 'true'
    return { SubscriptionArn: isTold ? subscription.arn : 'pending confirmation' }
  }
}

/** A session's subscriptions are shown as its role's (assumed). */
function subscriberOf(principal: Principal): string {
  if (principal.kind === 'service') return principal.service
  return principal.kind === 'role-session' ? principal.roleArn : principal.arn
}

function listed(all: readonly Subscription[], token: string | undefined) {
  const { items, NextToken } = paged(all, token)
  return {
    Subscriptions: items.map(({ arn, topic, protocol, endpoint, isConfirmed }) => ({
      SubscriptionArn: isConfirmed ? arn : 'PendingConfirmation',
      Owner: topic.arn.split(':')[4],
      Protocol: protocol,
      Endpoint: endpoint,
      TopicArn: topic.arn,
    })),
    NextToken,
  }
}

/** Text messages and push notifications are not sent here. */
function checkTarget({ TopicArn, TargetArn, PhoneNumber }: Input, account: Account): string {
  if (PhoneNumber !== undefined) {
    throw lacking(invalidParameter('PhoneNumber Reason: the local cloud sends no text messages'))
  }
  if (TopicArn === undefined && TargetArn === undefined) throw missing('TopicArn or TargetArn')
  if (TopicArn === undefined && /:endpoint\//.test(TargetArn)) {
    throw invalidParameter('TargetArn Reason: No endpoint found for the target arn specified')
  }
  return checkTopicArn(TopicArn ?? TargetArn, account, TopicArn === undefined ? 'TargetArn' : 'TopicArn')
}

/**
 * The topic that a token is brought to. SNS only looks whether it could be one of this region's: the token alone says
 * which subscription is meant. Throws `InvalidParameter`.
 */
export function checkTopicOfToken(arn: unknown, { region }: Account): string {
  const [, , service, place, , name] = String(arn ?? '').split(':')
  if (service !== 'sns' || place !== region || !name) throw invalidParameter('Topic')
  return String(arn)
}

function circumstances({ wire }: Call) {
  const header = wire.headers['x-amzn-trace-id']
  return { traceHeader: typeof header === 'string' ? header : undefined }
}

const requestTags = (tags: readonly Tag[]): Readonly<Record<string, string>> =>
  Object.fromEntries(tags.map(({ Key, Value }) => [`aws:RequestTag/${Key}`, Value]))
