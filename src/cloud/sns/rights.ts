// What CloudFormation's handlers for SNS ask: a table.
import { arnIn, asking, type Rights, type Subject } from '../cloudformation/rights.ts'

/** AWS::SNS::Topic. */
export const topicRights: Rights = {
  service: 'Sns',
  on: of => of.physicalId ?? arnIn(of.account, 'sns', topicName(of)),
  create: 'sns: CreateTopic GetTopicAttributes',
  read: 'sns: GetTopicAttributes ListTagsForResource ListSubscriptionsByTopic GetDataProtectionPolicy',
  update: 'sns: SetTopicAttributes GetTopicAttributes ListTagsForResource ListSubscriptionsByTopic',
  delete: 'sns: GetTopicAttributes DeleteTopic',
  tag: 'sns: TagResource',
  untag: 'sns: UntagResource',
  also: (of, verb) => [
    ...(verb !== 'delete' && of.properties.Subscription?.length > 0
      ? asking('sns: Subscribe', topicRights.on(of))
      : []),
    ...(of.before?.Subscription?.length > 0 ? asking('sns: Unsubscribe', topicRights.on(of)) : []),
  ],
}

/** AWS::SNS::Subscription. SNS asks about the topic. */
export const subscriptionRights: Rights = {
  service: 'Sns',
  on: of => of.properties.TopicArn,
  create: 'sns: Subscribe',
  read: 'sns: GetSubscriptionAttributes',
  update: 'sns: SetSubscriptionAttributes',
  delete: 'sns: Unsubscribe GetSubscriptionAttributes',
}

/** AWS::SNS::TopicPolicy, for the first of its topics: mostly it has one. */
export const topicPolicyRights: Rights = {
  service: 'Sns',
  on: of => of.properties.Topics?.[0] ?? '*',
  create: 'sns: SetTopicAttributes',
  update: 'sns: SetTopicAttributes',
  delete: 'sns: SetTopicAttributes',
  also: of =>
    (of.properties.Topics ?? []).slice(1).flatMap((arn: string) => asking('sns: SetTopicAttributes', arn)),
}

/** AWS::SNS::TopicInlinePolicy. */
export const topicInlinePolicyRights: Rights = {
  service: 'Sns',
  on: of => of.properties.TopicArn,
  create: 'sns: SetTopicAttributes',
  read: 'sns: GetTopicAttributes',
  update: 'sns: SetTopicAttributes',
  delete: 'sns: SetTopicAttributes GetTopicAttributes',
}

const topicName = ({ properties, inventName }: Subject): string =>
  properties.TopicName ??
  (String(properties.FifoTopic) === 'true' ? `${inventName(251)}.fifo` : inventName(256))
