import type { Properties } from '../cloudformation/properties.ts'
import type { ResourceType } from '../cloudformation/resource.ts'
import { queueInlinePolicyRights, queuePolicyRights } from './rights.ts'
import type { QueueStore } from './store.ts'

/** AWS::SQS::QueuePolicy: one policy for several queues. A queue has one policy, so the last to come has its way. */
export const queuePolicyResource = (store: QueueStore): ResourceType => ({
  type: 'AWS::SQS::QueuePolicy',
  rights: queuePolicyRights,
  properties: { PolicyDocument: 'update', Queues: 'update' },
  attributes: ['Id'],
  create({ properties, inventName }) {
    put(store, properties.Queues, properties)
    const physicalId = inventName()
    return { physicalId, attributes: { Id: physicalId } }
  },
  update({ properties }, existing) {
    put(store, properties.Queues, properties)
    takeAway(
      store,
      existing.properties.Queues.filter((url: string) => !properties.Queues.includes(url)),
    )
    return existing
  },
  delete: ({ properties }) => takeAway(store, properties.Queues),
})

/** AWS::SQS::QueueInlinePolicy: the policy of one queue. */
export const queueInlinePolicyResource = (store: QueueStore): ResourceType => ({
  type: 'AWS::SQS::QueueInlinePolicy',
  attributes: [],
  rights: queueInlinePolicyRights,
  properties: { PolicyDocument: 'update', Queue: 'replace' },
  create({ properties }) {
    put(store, [properties.Queue], properties)
    return { physicalId: properties.Queue, attributes: {} }
  },
  update({ properties }, existing) {
    put(store, [properties.Queue], properties)
    return existing
  },
  delete: ({ properties }) => takeAway(store, [properties.Queue]),
})

/** Throws QueueDoesNotExist, or InvalidAttributeValue for a policy that is none. */
function put(store: QueueStore, urls: readonly string[], { PolicyDocument }: Properties): void {
  const Policy = typeof PolicyDocument === 'string' ? PolicyDocument : JSON.stringify(PolicyDocument)
  for (const url of urls) store.change(store.at(url), { Policy })
}

function takeAway(store: QueueStore, urls: readonly string[]): void {
  // A queue may have gone before its policy.
  for (const queue of store.all()) if (urls.includes(queue.url)) store.change(queue, { Policy: '' })
}
