import type { Account } from '../account.ts'
import { topicArn } from './arns.ts'
import { invalidParameter, noTopic } from './errors.ts'
import { checkTags, type Tag } from './tags.ts'
import type { Topic } from './topic.ts'
import { checkTopicAttribute } from './topic-attributes.ts'
import { defaultPolicy } from './topic-policy.ts'

/** What a topic is made from. */
export interface NewTopic {
  readonly name: string
  readonly attributes?: Readonly<Record<string, string>>
  readonly tags?: readonly Tag[]
}

/** The topics of the account. */
export interface Topics {
  readonly all: ReadonlyMap<string, Topic>
  /** The same topic again when it is there with these attributes and tags. Throws `InvalidParameter`. */
  create(asked: NewTopic): Topic
  /** By ARN; throws `NotFound`. */
  find(arn: string): Topic
  /** Throws `InvalidParameter`, `NotFound`. */
  setAttribute(arn: string, name: string, value: string): void
  /** Takes its subscriptions along. A topic that is not there is no error. */
  delete(arn: string): void
}

const WHERE = 'Attributes Reason: '

/** Starts without a topic. */
export function startTopics(account: Account): Topics {
  const all = new Map<string, Topic>()

  const topics: Topics = {
    all,
    create({ name, attributes = {}, tags = [] }) {
      const { FifoTopic = 'false', ...others } = attributes
      const isFifo = FifoTopic.toLowerCase() === 'true'
      checkName(name, isFifo)
      const arn = topicArn(account, name)
      const asked = new Map(
        Object.entries(others).map(([key, value]) => [
          key,
          checkTopicAttribute(key, String(value), { arn, isFifo }, { where: WHERE, unknown: unknownAtBirth }),
        ]),
      )
      checkTags(tags)
      const there = all.get(arn)
      if (there) return again(there, asked, tags)
      const topic: Topic = {
        arn,
        name,
        isFifo,
        attributes: new Map(),
        policy: defaultPolicy(arn),
        tags: new Map(tags.map(({ Key, Value }) => [Key, Value])),
        subscriptions: new Map(),
        subscriptionsDeleted: 0,
        recent: new Map(),
        sequence: 0,
      }
      for (const [key, value] of asked) put(topic, key, value)
      all.set(arn, topic)
      return topic
    },
    find(arn) {
      const topic = all.get(arn)
      if (!topic) throw noTopic()
      return topic
    },
    setAttribute(arn, name, value) {
      const topic = topics.find(arn)
      const unknown = () => invalidParameter('AttributeName')
      put(topic, name, checkTopicAttribute(name, value, topic, { where: '', unknown }))
    },
    delete(arn) {
      all.delete(arn)
    },
  }
  return topics
}

function put(topic: Topic, name: string, value: string): void {
  if (name === 'Policy') topic.policy = value
  else if (value === '') topic.attributes.delete(name)
  else topic.attributes.set(name, value)
}

/** What is there already is no fault, as long as nothing else is asked for. */
function again(there: Topic, asked: ReadonlyMap<string, string>, tags: readonly Tag[]): Topic {
  const has = (name: string) => (name === 'Policy' ? there.policy : there.attributes.get(name))
  if ([...asked].some(([name, value]) => has(name) !== value)) {
    throw invalidParameter('Attributes Reason: Topic already exists with different attributes')
  }
  if (tags.some(({ Key, Value }) => there.tags.get(Key) !== Value)) {
    throw invalidParameter('Tags Reason: Topic already exists with different tags')
  }
  return there
}

function checkName(name: string, isFifo: boolean): void {
  const stem = isFifo ? name.replace(/\.fifo$/, '') : name
  const fits = /^[\w-]+$/.test(stem) && name.length <= 256 && isFifo === name.endsWith('.fifo')
  if (!fits) throw invalidParameter('Topic Name')
}

const unknownAtBirth = (name: string) => invalidParameter(`${WHERE}Unknown attribute ${name}`)
