import type { Operation } from '../service.ts'
import { accessTo, type Input, onQueue } from './access.ts'
import { invalidParameter, missingParameter, noSuchQueue } from './errors.ts'
import { queueArn, urlFor } from './names.ts'
import { pageOf } from './paging.ts'
import { addPermission, removePermission } from './permissions.ts'
import type { StoredQueue } from './queue.ts'
import { checkAttributeName } from './settings.ts'
import type { QueueStore } from './store.ts'

/** Operations on queues as such: their making and finding, attributes, permissions, tags. */
export const queueOperations = (store: QueueStore): readonly Operation<Input>[] => [
  {
    name: 'CreateQueue',
    access: input => [
      ...onNamed(store, 'CreateQueue', input),
      // A caller that gives tags must be allowed to tag.
      ...(Object.keys(tagsOf(input)).length > 0 ? onNamed(store, 'TagQueue', input) : []),
    ],
    run(input, call) {
      const tags = tagsOf(input)
      checkTags(tags)
      const isNew = store.named(input.QueueName) === undefined
      const queue = store.create(input.QueueName, input.Attributes ?? {})
      if (isNew) for (const [key, value] of Object.entries(tags)) queue.tags.set(key, value)
      return { QueueUrl: urlFor(call, queue) }
    },
  },
  {
    name: 'GetQueueUrl',
    access: input => onNamed(store, 'GetQueueUrl', input),
    run({ QueueName, QueueOwnerAWSAccountId = store.account.accountId }, call) {
      if (QueueName === undefined) {
        throw invalidParameter('Value for parameter QueueName is invalid. Reason: Must specify a queue name.')
      }
      const queue = QueueOwnerAWSAccountId === store.account.accountId ? store.named(QueueName) : undefined
      if (!queue) throw noSuchQueue()
      return { QueueUrl: urlFor(call, queue) }
    },
  },
  {
    name: 'ListQueues',
    // All queues at once are the account's part of an ARN, with nothing behind it.
    access: () => [
      {
        action: 'sqs:listqueues',
        resource: queueArn(store.account, { accountId: store.account.accountId, name: '' }),
      },
    ],
    run(input, call) {
      const prefix: string = input.QueueNamePrefix ?? ''
      const urls = store.all().flatMap(queue => (queue.name.startsWith(prefix) ? [urlFor(call, queue)] : []))
      const { items, ...more } = pageOf(urls, input)
      return { ...(items.length > 0 ? { QueueUrls: items } : {}), ...more }
    },
  },
  onQueue(store, 'ListDeadLetterSourceQueues', (queue, input, call) => {
    const urls = store.sourcesOf(queue).map(source => urlFor(call, source))
    const { items, ...more } = pageOf(urls, input)
    return { queueUrls: items, ...more }
  }),
  onQueue(store, 'DeleteQueue', queue => store.delete(queue)),
  onQueue(store, 'PurgeQueue', queue => queue.purge()),
  onQueue(store, 'GetQueueAttributes', (queue, { AttributeNames: names = [] }) => {
    for (const name of names) checkAttributeName(name)
    const shown = Object.entries(attributesOf(queue)).filter(
      ([name]) => names.includes('All') || names.includes(name),
    )
    return shown.length > 0 ? { Attributes: Object.fromEntries(shown) } : {}
  }),
  onQueue(store, 'SetQueueAttributes', (queue, { Attributes }) => {
    if (Attributes === undefined) throw missingParameter('Attributes')
    store.change(queue, Attributes)
  }),
  onQueue(store, 'AddPermission', (queue, input) => addPermission(store, queue, input)),
  onQueue(store, 'RemovePermission', (queue, input) => removePermission(store, queue, input)),
  onQueue(store, 'TagQueue', (queue, { Tags }) => {
    if (Tags === undefined) throw missingParameter('Tags')
    checkTags({ ...Object.fromEntries(queue.tags), ...Tags })
    for (const [key, value] of Object.entries<string>(Tags)) queue.tags.set(key, value)
  }),
  onQueue(store, 'UntagQueue', (queue, { TagKeys }) => {
    if (TagKeys === undefined) throw missingParameter('TagKeys')
    for (const key of TagKeys) queue.tags.delete(key)
  }),
  onQueue(store, 'ListQueueTags', queue =>
    queue.tags.size > 0 ? { Tags: Object.fromEntries(queue.tags) } : {},
  ),
]

/** SQS's quota on the tags of a queue. */
const MAX_TAGS = 50

function onNamed(store: QueueStore, action: string, { QueueName, QueueOwnerAWSAccountId }: Input) {
  const { accountId } = store.account
  if (typeof QueueName !== 'string') return []
  const arn = queueArn(store.account, { accountId: QueueOwnerAWSAccountId ?? accountId, name: QueueName })
  return [accessTo(store, action, arn)]
}

function attributesOf(queue: StoredQueue): Readonly<Record<string, string>> {
  const { visible, inFlight, delayed } = queue.counts()
  return {
    QueueArn: queue.arn,
    ApproximateNumberOfMessages: String(visible),
    ApproximateNumberOfMessagesNotVisible: String(inFlight),
    ApproximateNumberOfMessagesDelayed: String(delayed),
    CreatedTimestamp: String(Math.floor(queue.createdAt / 1000)),
    LastModifiedTimestamp: String(Math.floor(queue.modifiedAt / 1000)),
    ...queue.settings,
  }
}

/** CreateQueue's is the one member of the JSON protocol in lower case. */
const tagsOf = ({ tags, Tags }: Input): Readonly<Record<string, string>> => tags ?? Tags ?? {}

function checkTags(tags: Readonly<Record<string, string>>): void {
  if (Object.keys(tags).length <= MAX_TAGS) return
  throw invalidParameter(`Too many tags added for queue. Maximum number of tags allowed is ${MAX_TAGS}.`)
}
