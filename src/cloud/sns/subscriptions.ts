import { randomBytes, randomUUID } from 'node:crypto'
import { AwsError } from '../error.ts'
import { topicArnOf } from './arns.ts'
import type { Deliveries } from './deliveries.ts'
import { checkEndpoint } from './endpoint.ts'
import { invalidParameter, noSubscription } from './errors.ts'
import { changedAttributes, sameAttributes } from './subscription-attributes.ts'
import type { Subscription } from './topic.ts'
import type { Topics } from './topics.ts'

/** What a subscription is made from. */
export interface NewSubscription {
  readonly topicArn: string
  readonly protocol: string
  readonly endpoint: string | undefined
  readonly attributes?: Readonly<Record<string, string>>
  /** Whose call it is. */
  readonly principal: string
}

/** The subscriptions of all topics. */
export interface Subscriptions {
  /** The same one again when it is there with these attributes. Throws `InvalidParameter`, `NotFound`. */
  subscribe(asked: NewSubscription): Subscription
  /** Makes it one that is delivered to. Throws `InvalidParameter`. */
  confirm(token: string, how: { readonly isSigned: boolean; readonly onlyOwnerMayEnd: boolean }): Subscription
  /** By ARN; throws `NotFound`. */
  find(arn: string): Subscription
  all(): readonly Subscription[]
  /** Throws `InvalidParameter`; then nothing has changed. */
  setAttributes(subscription: Subscription, changes: Readonly<Record<string, string>>): void
  /** One that is not there is no error. `tell`: its endpoint hears of it, and may have it back. */
  unsubscribe(arn: string, how?: { readonly tell: boolean }): void
}

/** How long an endpoint may confirm with its token. */
const TOKEN_LIFE = 3 * 24 * 60 * 60 * 1000

/** How the tokens of AWS begin. */
const TOKEN_START = '2336412f37fb687f5d51e6e2425'

export function startSubscriptions(
  topics: Topics,
  deliveries: Pick<Deliveries, 'ask'>,
  now: () => number,
): Subscriptions {
  const tokens = new Map<string, { readonly subscription: Subscription; readonly until: number }>()

  const subscriptions: Subscriptions = {
    subscribe({ topicArn, protocol: given, endpoint: address, attributes = {}, principal }) {
      const topic = topics.find(topicArn)
      const { protocol, endpoint } = checkEndpoint(given, address, topic)
      const about = { topic, protocol, endpoint, attributes: new Map<string, string>() }
      const where = 'Attributes Reason: '
      const made = changedAttributes(about, attributes, {
        where,
        unknown: name => invalidParameter(`${where}Unknown attribute ${name}`),
      })
      const there = [...topic.subscriptions.values()].find(
        one => one.protocol === protocol && one.endpoint === endpoint,
      )
      if (there && !sameAttributes(there.attributes, made.attributes)) {
        throw invalidParameter('Attributes Reason: Subscription already exists with different attributes')
      }
      const subscription = there ?? {
        arn: `${topic.arn}:${randomUUID()}`,
        topic,
        protocol,
        endpoint,
        principal,
        isConfirmed: protocol === 'sqs' || protocol === 'lambda',
        wasAuthenticated: protocol === 'sqs' || protocol === 'lambda',
        authenticateOnUnsubscribe: false,
        attributes: new Map(made.attributes),
        filter: made.filter,
      }
      topic.subscriptions.set(subscription.arn, subscription)
      if (!subscription.isConfirmed) {
        deliveries.ask('SubscriptionConfirmation', subscription, token(subscription))
      }
      return subscription
    },
    confirm(given, { isSigned, onlyOwnerMayEnd }) {
      if (!/^[\da-f]+$/.test(given)) throw new AwsError('InvalidParameter', 'Invalid token')
      const known = tokens.get(given)
      if (!known || known.until < now()) throw invalidParameter('Token')
      const { subscription } = known
      // A topic of the same name made later is another topic.
      if (topics.all.get(subscription.topic.arn) !== subscription.topic) throw invalidParameter('Token')
      subscription.topic.subscriptions.set(subscription.arn, subscription)
      if (!subscription.isConfirmed) {
        subscription.isConfirmed = true
        subscription.wasAuthenticated = isSigned
      }
      subscription.authenticateOnUnsubscribe ||= onlyOwnerMayEnd
      return subscription
    },
    find(arn) {
      const found = topics.all.get(topicArnOf(arn))?.subscriptions.get(arn)
      if (!found) throw noSubscription()
      return found
    },
    all: () => [...topics.all.values()].flatMap(topic => [...topic.subscriptions.values()]),
    setAttributes(subscription, changes) {
      const { attributes, filter } = changedAttributes(subscription, changes, {
        where: '',
        unknown: () => invalidParameter('AttributeName'),
      })
      subscription.attributes.clear()
      for (const [name, value] of attributes) subscription.attributes.set(name, value)
      subscription.filter = filter
    },
    unsubscribe(arn, { tell } = { tell: false }) {
      const topic = topics.all.get(topicArnOf(arn))
      const subscription = topic?.subscriptions.get(arn)
      if (!topic || !subscription) return
      topic.subscriptions.delete(arn)
      topic.subscriptionsDeleted++
      for (const [old, one] of tokens) if (one.subscription === subscription) tokens.delete(old)
      if (tell && /^https?$/.test(subscription.protocol)) {
        deliveries.ask('UnsubscribeConfirmation', subscription, token(subscription))
      }
    },
  }
  return subscriptions

  function token(subscription: Subscription): string {
    for (const [old, { until }] of tokens) if (until < now()) tokens.delete(old)
    const made = TOKEN_START + randomBytes(99).toString('hex')
    tokens.set(made, { subscription, until: now() + TOKEN_LIFE })
    return made
  }
}
