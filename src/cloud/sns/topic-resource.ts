import type { Account } from '../account.ts'
import type { Properties } from '../cloudformation/properties.ts'
import type { Physical, ResourceType } from '../cloudformation/resource.ts'
import { AwsError } from '../error.ts'
import { topicArn } from './arns.ts'
import { refuseProtocol } from './endpoint.ts'
import { topicRights } from './rights.ts'
import { ownerOf } from './subscription-resource.ts'
import type { Subscriptions } from './subscriptions.ts'
import { addTags } from './tags.ts'
import type { Topic } from './topic.ts'
import type { Topics } from './topics.ts'

/** Attributes of a topic that are properties by the same name. */
const ATTRIBUTES = [
  'DisplayName',
  'SignatureVersion',
  'ContentBasedDeduplication',
  'FifoThroughputScope',
  'MaximumMessageSize',
]

interface Inline {
  readonly Protocol: string
  readonly Endpoint: string
}

/** AWS::SNS::Topic. What it lists as `Subscription` comes and goes with it. */
export function topicResource(topics: Topics, subscriptions: Subscriptions, account: Account): ResourceType {
  return {
    type: 'AWS::SNS::Topic',
    nameProperty: 'TopicName',
    rights: topicRights,
    properties: {
      TopicName: 'replace',
      FifoTopic: 'replace',
      ...Object.fromEntries(ATTRIBUTES.map(name => [name, 'update' as const])),
      Subscription: 'update',
      Tags: 'update',
      KmsMasterKeyId: 'harmless',
      TracingConfig: 'harmless',
    },
    attributes: ['TopicArn', 'TopicName'],
    refuse: ({ Subscription }) =>
      Array.isArray(Subscription)
        ? Subscription.flatMap(one => refuseProtocol(one?.Protocol)).map(why => `Subscription: ${why}`)
        : [],
    create({ properties, inventName }) {
      const isFifo = String(properties.FifoTopic) === 'true'
      const name: string = properties.TopicName ?? (isFifo ? `${inventName(251)}.fifo` : inventName(256))
      const arn = topicArn(account, name)
      if (topics.all.has(arn)) {
        // Assumed.
        throw new AwsError('AlreadyExists', `Topic already exists: ${arn}`)
      }
      const topic = topics.create({
        name,
        attributes: { ...attributesOf(properties), ...(isFifo ? { FifoTopic: 'true' } : {}) },
        tags: properties.Tags ?? [],
      })
      subscribe(topic, properties)
      return physical(topic)
    },
    update({ properties }, { physicalId, properties: before }) {
      const topic = topics.find(physicalId)
      const attributes = attributesOf(properties)
      for (const name of ATTRIBUTES) {
        const value = attributes[name]
        if (value !== undefined) topics.setAttribute(topic.arn, name, value)
        else topic.attributes.delete(name)
      }
      topic.tags.clear()
      addTags(topic.tags, properties.Tags ?? [])
      subscribe(topic, properties)
      unsubscribe(topic, before, properties)
      return physical(topic)
    },
    delete: ({ physicalId }) => topics.delete(physicalId),
  }

  function subscribe(topic: Topic, properties: Properties): void {
    for (const { Protocol, Endpoint } of inlineOf(properties)) {
      subscriptions.subscribe({
        topicArn: topic.arn,
        protocol: Protocol,
        endpoint: Endpoint,
        principal: ownerOf(account),
      })
    }
  }

  function unsubscribe(topic: Topic, before: Properties, after: Properties): void {
    const stays = (gone: Inline) =>
      inlineOf(after).some(one => one.Protocol === gone.Protocol && one.Endpoint === gone.Endpoint)
    for (const gone of inlineOf(before).filter(one => !stays(one))) {
      const there = [...topic.subscriptions.values()].find(
        one => one.protocol === gone.Protocol && one.endpoint === gone.Endpoint,
      )
      if (there) subscriptions.unsubscribe(there.arn)
    }
  }
}

const physical = ({ arn, name }: Topic): Physical => ({
  physicalId: arn,
  attributes: { TopicArn: arn, TopicName: name },
})

const inlineOf = ({ Subscription = [] }: Properties): readonly Inline[] => Subscription

const attributesOf = (properties: Properties): Readonly<Record<string, string>> =>
  Object.fromEntries(
    ATTRIBUTES.filter(name => properties[name] !== undefined).map(name => [name, String(properties[name])]),
  )
