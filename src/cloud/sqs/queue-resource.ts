import type { Properties } from '../cloudformation/properties.ts'
import type { Physical, PropertyRule, ResourceType } from '../cloudformation/resource.ts'
import { AwsError } from '../error.ts'
import { FIFO, queueUrl } from './names.ts'
import type { StoredQueue } from './queue.ts'
import { queueRights } from './rights.ts'
import { defaultSettings } from './settings.ts'
import type { QueueStore } from './store.ts'

/** AWS::SQS::Queue. */
export const queueResource = (store: QueueStore): ResourceType => ({
  type: 'AWS::SQS::Queue',
  nameProperty: 'QueueName',
  rights: queueRights,
  properties: rules,
  attributes: ['Arn', 'QueueName', 'QueueUrl'],
  create({ properties, inventName }) {
    const isFifo = isTrue(properties.FifoQueue)
    // SQS's quota of 80 characters counts the end.
    const name = properties.QueueName ?? (isFifo ? inventName(80 - FIFO.length) + FIFO : inventName(80))
    if (store.named(name)) {
      const url = queueUrl(store.account, { accountId: store.account.accountId, name })
      throw new AwsError(
        'AlreadyExists',
        `Resource of type 'AWS::SQS::Queue' with identifier '${url}' already exists.`,
      )
    }
    const queue = store.create(name, settingsIn(properties))
    setTags(queue, properties)
    return physical(queue)
  },
  update({ properties }, { physicalId: url, properties: before }) {
    const queue = store.at(url)
    // What the template no longer mentions is again as in a new queue.
    const defaults: Readonly<Record<string, string>> = defaultSettings(queue.isFifo)
    const { FifoQueue: _, ...after } = settingsIn(properties)
    const dropped = Object.keys(settingsIn(before)).filter(name => !(name in after) && name !== 'FifoQueue')
    const restored = Object.fromEntries(dropped.map(name => [name, defaults[name] ?? unset(name)]))
    store.change(queue, { ...restored, ...after })
    setTags(queue, properties)
    return physical(queue)
  },
  delete({ physicalId: url }) {
    const queue = store.all().find(one => one.url === url)
    // Somebody may have deleted it by hand: then there is nothing left to do.
    if (!queue) return
    store.delete(queue)
    // CloudFormation waits until the name can be used again.
    store.release(queue.name)
  },
})

const rules: Readonly<Record<string, PropertyRule>> = {
  QueueName: 'replace',
  FifoQueue: 'replace',
  ContentBasedDeduplication: 'update',
  DeduplicationScope: 'update',
  DelaySeconds: 'update',
  FifoThroughputLimit: 'update',
  KmsDataKeyReusePeriodSeconds: 'update',
  KmsMasterKeyId: 'update',
  MaximumMessageSize: 'update',
  MessageRetentionPeriod: 'update',
  ReceiveMessageWaitTimeSeconds: 'update',
  RedriveAllowPolicy: 'update',
  RedrivePolicy: 'update',
  SqsManagedSseEnabled: 'update',
  Tags: 'update',
  VisibilityTimeout: 'update',
}

const physical = ({ name, arn, url }: StoredQueue): Physical => ({
  physicalId: url,
  attributes: { Arn: arn, QueueName: name, QueueUrl: url },
})

/** The attributes that a template asks for. A policy may be an object or its JSON text; `FifoQueue: false` is a standard queue. */
function settingsIn({ QueueName: _, Tags: __, FifoQueue, ...properties }: Properties) {
  const texts = Object.entries(properties).map(([name, value]) => [
    name,
    typeof value === 'object' ? JSON.stringify(value) : String(value),
  ])
  return { ...Object.fromEntries(texts), ...(isTrue(FifoQueue) ? { FifoQueue: 'true' } : {}) } as Record<
    string,
    string
  >
}

/** Of an attribute that a new queue does not have: the value that takes it away. */
const unset = (name: string) => (name === 'KmsDataKeyReusePeriodSeconds' ? '300' : '')

function setTags(queue: StoredQueue, { Tags = [] }: Properties): void {
  queue.tags.clear()
  for (const { Key, Value } of Tags) queue.tags.set(Key, Value)
}

// Templates may write booleans as text.
const isTrue = (value: unknown) => String(value).toLowerCase() === 'true'
