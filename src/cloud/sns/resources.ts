import type { Account } from '../account.ts'
import type { ResourceType } from '../cloudformation/resource.ts'
import { topicInlinePolicy, topicPolicy } from './policy-resources.ts'
import { subscriptionResource } from './subscription-resource.ts'
import type { Subscriptions } from './subscriptions.ts'
import { topicResource } from './topic-resource.ts'
import type { Topics } from './topics.ts'

/** The CloudFormation types of SNS that this cloud has. Update rules are those of the CloudFormation reference. */
export const resourceTypes = (
  topics: Topics,
  subscriptions: Subscriptions,
  account: Account,
): readonly ResourceType[] => [
  topicResource(topics, subscriptions, account),
  subscriptionResource(subscriptions, account),
  topicPolicy(topics),
  topicInlinePolicy(topics),
]
