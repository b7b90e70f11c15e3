import type { Account } from '../account.ts'
import { invalidParameter, missing } from './errors.ts'

/** The ARN of the topic with this name. */
export const topicArn = ({ partition, region, accountId }: Account, name: string) =>
  `arn:${partition}:sns:${region}:${accountId}:${name}`

/** An ARN as a caller gave it, that is one of this region's topics by its looks. Throws `InvalidParameter`. */
export function checkTopicArn(given: unknown, account: Account, parameter = 'TopicArn'): string {
  const arn = checkArn(given, parameter)
  const [, , service, region] = arn.split(':')
  if (service !== 'sns' || region !== account.region) throw invalidParameter(parameter)
  return arn
}

/** Throws `InvalidParameter` for a subscription's ARN that is none. */
export function checkSubscriptionArn(given: unknown): string {
  const arn = checkArn(given, 'SubscriptionArn')
  if (!/^[^:]*(:[^:]*){5}:[\da-f-]{36}$/.test(arn)) throw invalidParameter('SubscriptionId')
  return arn
}

/** The topic's part of a subscription's ARN. */
export const topicArnOf = (subscriptionArn: string) => subscriptionArn.split(':').slice(0, 6).join(':')

function checkArn(given: unknown, parameter: string): string {
  if (given === undefined) throw missing(parameter)
  const arn = String(given)
  const parts = arn.split(':').length
  if (parts < 6) {
    throw invalidParameter(`${parameter} Reason: An ARN must have at least 6 elements, not ${parts}`)
  }
  return arn
}
