import { randomUUID } from 'node:crypto'
import type { Properties } from '../../cloudformation/properties.ts'
import type { ResourceType } from '../../cloudformation/resource.ts'
import { customResourceRights } from '../../lambda/rights.ts'
import type { Store } from '../store.ts'
import {
  checkNotifications,
  filterOf,
  type Notification,
  type Notifications,
  noNotifications,
} from './configuration.ts'

/** NotificationConfiguration of AWS::S3::Bucket. */
export function notificationsIn(given: Properties | undefined): Notifications {
  const listOf = (list: readonly Properties[] | undefined, kind: Notification['kind'], target: string) =>
    (list ?? []).map(one => ({
      id: randomUUID(),
      kind,
      targetArn: String(one[target]),
      events: [String(one.Event)],
      ...filterOf(one.Filter?.S3Key?.Rules),
    }))
  const enabled = given?.EventBridgeConfiguration?.EventBridgeEnabled ?? true
  const notifications = {
    all: [
      ...listOf(given?.TopicConfigurations, 'topic', 'Topic'),
      ...listOf(given?.QueueConfigurations, 'queue', 'Queue'),
      ...listOf(given?.LambdaConfigurations, 'function', 'Function'),
    ],
    toEventBridge: given?.EventBridgeConfiguration !== undefined && String(enabled) === 'true',
  }
  checkNotifications(notifications)
  return notifications
}

/**
 * What CDK makes of `addEventNotification`: a function of its own, in Python, puts the bucket's notifications. The function is not needed here.
 * Of a bucket that the stack only refers to (`Managed: false`) it keeps what others have put.
 */
export const notificationsResource = (store: Store): ResourceType => ({
  type: 'Custom::S3BucketNotifications',
  rights: customResourceRights,
  properties: {
    ServiceToken: 'harmless',
    BucketName: 'replace',
    NotificationConfiguration: 'update',
    Managed: 'update',
    SkipDestinationValidation: 'update',
  },
  create({ properties, logicalId, stackName }) {
    const physicalId = `${stackName}-${logicalId}`
    put(store, properties, physicalId)
    return { physicalId, attributes: {} }
  },
  update({ properties }, { physicalId, attributes }) {
    put(store, properties, physicalId)
    return { physicalId, attributes }
  },
  delete({ properties, physicalId }) {
    const bucket = store.find(properties.BucketName)
    if (bucket) store.notifier.configure(bucket, others(store, properties, physicalId), { skipChecks: true })
  },
})

function put(store: Store, properties: Properties, owner: string): void {
  const kept = others(store, properties, owner)
  const own = readCustom(properties.NotificationConfiguration, owner)
  const notifications = {
    all: [...kept.all, ...own.all],
    toEventBridge: kept.toEventBridge || own.toEventBridge,
  }
  checkNotifications(notifications)
  store.notifier.configure(store.bucket(properties.BucketName), notifications, {
    skipChecks: String(properties.SkipDestinationValidation) === 'true',
  })
}

/** What stays of the bucket's notifications: nothing when it is the stack's own. */
function others(store: Store, { BucketName, Managed = true }: Properties, owner: string): Notifications {
  if (String(Managed) === 'true') return noNotifications
  const { all, toEventBridge } = store.bucket(BucketName).notifications
  return { all: all.filter(({ id }) => !id.startsWith(`${owner}-`)), toEventBridge }
}

/** The configuration has the API's members, as the SDK for Python names them. */
function readCustom(given: Properties, owner: string): Notifications {
  const listOf = (list: readonly Properties[] | undefined, kind: Notification['kind'], target: string) =>
    (list ?? []).map((one, at) => ({
      id: `${owner}-${kind}-${at}`,
      kind,
      targetArn: String(one[target]),
      events: [one.Events ?? []].flat().map(String),
      ...filterOf(one.Filter?.Key?.FilterRules),
    }))
  return {
    all: [
      ...listOf(given.TopicConfigurations, 'topic', 'TopicArn'),
      ...listOf(given.QueueConfigurations, 'queue', 'QueueArn'),
      ...listOf(given.LambdaFunctionConfigurations, 'function', 'LambdaFunctionArn'),
    ],
    toEventBridge: given.EventBridgeConfiguration !== undefined,
  }
}
