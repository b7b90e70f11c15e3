import { checkDeliveryPolicy, effectiveOfTopic } from './delivery-policy.ts'
import { invalidParameter } from './errors.ts'
import type { Topic } from './topic.ts'
import { checkPolicy } from './topic-policy.ts'

/** What can be set on a topic after it is made, and what AWS thinks of a value. `where` stands in front of its complaints. */
type Check = (value: string, topic: Pick<Topic, 'arn' | 'isFifo'>, where: string) => string

/** SNS's most for one message, in bytes, attributes included, unless the topic says otherwise. */
export const DEFAULT_MESSAGE_SIZE = 256 * 1024
const LEAST_MESSAGE_SIZE = 1024
const MOST_MESSAGE_SIZE = 1024 * 1024

const checks: Readonly<Record<string, Check>> = {
  Policy: (value, { arn }) => checkPolicy(value, arn),
  DisplayName: (value, _topic, where) => {
    if (value.length > 100) throw invalidParameter(`${where}DisplayName`)
    return value
  },
  DeliveryPolicy: (value, _topic, where) => {
    if (value !== '') checkDeliveryPolicy(value, 'topic', where)
    return value
  },
  SignatureVersion: oneOf('SignatureVersion', ['1', '2']),
  TracingConfig: oneOf('TracingConfig', ['PassThrough', 'Active']),
  // Nothing is encrypted here: what is stored cannot be seen.
  KmsMasterKeyId: value => value,
  ContentBasedDeduplication: onlyFifo('ContentBasedDeduplication', boolean('ContentBasedDeduplication')),
  FifoThroughputScope: onlyFifo(
    'FifoThroughputScope',
    oneOf('FifoThroughputScope', ['Topic', 'MessageGroup']),
  ),
  MaximumMessageSize: (value, _topic, where) => {
    const size = Number(value)
    if (!(size >= LEAST_MESSAGE_SIZE && size <= MOST_MESSAGE_SIZE)) {
      throw invalidParameter(`${where}MaximumMessageSize`)
    }
    return value
  },
}

/** Attributes that AWS has and this cloud does nothing about: logs of deliveries, and an archive. */
const NOT_HERE = /^(Application|Firehose|HTTP|Lambda|SQS)(Success|Failure)Feedback|^ArchivePolicy$/

/**
 * An attribute as it is kept. Throws `InvalidParameter`; of an attribute there is none of, what `unknown` makes of its name.
 * The words for a wrong value of anything but a policy are assumed.
 */
export function checkTopicAttribute(
  name: string,
  value: string,
  topic: Pick<Topic, 'arn' | 'isFifo'>,
  { where, unknown }: { readonly where: string; readonly unknown: (name: string) => Error },
): string {
  const check = Object.hasOwn(checks, name) ? checks[name] : undefined
  if (check) return check(value, topic, where)
  if (NOT_HERE.test(name)) throw invalidParameter(`${where}${name}: the local cloud does not have this`)
  throw unknown(name)
}

/** What GetTopicAttributes shows. */
export function shownTopic(topic: Topic): Map<string, string> {
  const { attributes, subscriptions, isFifo } = topic
  const confirmed = [...subscriptions.values()].filter(one => one.isConfirmed).length
  const shown = new Map([
    ['TopicArn', topic.arn],
    ['Owner', topic.arn.split(':')[4]!],
    ['Policy', topic.policy],
    ['DisplayName', ''],
    ...attributes,
    ['EffectiveDeliveryPolicy', JSON.stringify(effectiveOfTopic(topic))],
    ['SubscriptionsConfirmed', String(confirmed)],
    ['SubscriptionsPending', String(subscriptions.size - confirmed)],
    ['SubscriptionsDeleted', String(topic.subscriptionsDeleted)],
  ])
  if (isFifo) {
    shown.set('FifoTopic', 'true')
    if (!shown.has('ContentBasedDeduplication')) shown.set('ContentBasedDeduplication', 'false')
  }
  return shown
}

function oneOf(name: string, values: readonly string[]): Check {
  return (value, _topic, where) => {
    if (!values.includes(value)) throw invalidParameter(`${where}${name}`)
    return value
  }
}

function boolean(name: string): Check {
  return (value, _topic, where) => {
    if (!/^(true|false)$/i.test(value)) {
      throw invalidParameter(`${where}${name}: Invalid value [${value}]. Must be true or false.`)
    }
    return value.toLowerCase()
  }
}

/** A standard topic has no use for these. */
function onlyFifo(name: string, check: Check): Check {
  return (value, topic, where) => {
    if (!topic.isFifo) throw invalidParameter(`${where}${name} can only be set for FIFO topics`)
    return check(value, topic, where)
  }
}
