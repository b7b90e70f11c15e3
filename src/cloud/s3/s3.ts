import type { Account } from '../account.ts'
import type { Clock } from '../clock.ts'
import type { Objects, ResourceType } from '../cloudformation/resource.ts'
import { bucketIn } from '../door/protocols/rest-xml.ts'
import { AwsError } from '../error.ts'
import type { Guardian } from '../guardian.ts'
import type { Keeper, Kept } from '../kept.ts'
import type { OnBehalf } from '../on-behalf.ts'
import type { Service, WireAnswer, WireRequest } from '../service.ts'
import { bucketOperations } from './bucket-operations.ts'
import { copyOperations } from './copy-operations.ts'
import { answerPreflight } from './cors.ts'
import { denied } from './denied.ts'
import { notImplemented } from './errors.ts'
import { objectKeeper } from './kept.ts'
import { listOperations } from './list-operations.ts'
import { multipartOperations } from './multipart-operations.ts'
import { startNotifier, type TellEventBridge } from './notifications/notifier.ts'
import { notificationOperations } from './notifications/operations.ts'
import { notificationsResource } from './notifications/resource.ts'
import { policyOperations } from './policy-operations.ts'
import { readOperations } from './read-operations.ts'
import { bucketPolicyResource, bucketResource, emptyingResource } from './resources.ts'
import { settingOperations } from './settings.ts'
import { openStore } from './store.ts'
import { tagOperations } from './tag-operations.ts'
import { type Authorize, writeOperations } from './write-operations.ts'

/** Amazon S3, running. */
export interface S3 {
  readonly service: Service
  /** `AWS::S3::Bucket`, `AWS::S3::BucketPolicy`, and CDK's `Custom::S3AutoDeleteObjects` and `Custom::S3BucketNotifications`. */
  readonly resources: readonly ResourceType[]
  /** The objects as Lambda and CloudFormation read them. */
  readonly objects: Objects
  /** Answers a browser that asks before it sends (CORS); undefined for any other request. */
  withoutSignature(wire: WireRequest): WireAnswer | undefined
  /** Whether a host is a bucket's own, here: `bucket.localhost`. */
  serves(host: string): boolean
  /** All objects. */
  readonly kept: Keeper<Kept['buckets']>
  /** Forgets every object. */
  stop(): void
}

/** Starts S3 without a bucket. Lifecycle rules follow the cloud's clock. */
export function startS3({
  authorize,
  onBehalf = () => undefined,
  tellEventBridge = () => {},
  ...cloud
}: {
  readonly account: Account
  readonly clock: Clock
  readonly guardian: Guardian
  readonly authorize: Authorize
  /** How queues, topics and functions are reached. Without it nobody is told of objects. */
  readonly onBehalf?: () => OnBehalf | undefined
  /** Told of objects in buckets that ask for EventBridge. */
  readonly tellEventBridge?: TellEventBridge
}): S3 {
  const notifier = startNotifier({ account: cloud.account, now: cloud.clock.now, onBehalf, tellEventBridge })
  const store = openStore({ ...cloud, notifier })
  return {
    service: {
      signingName: 's3',
      protocol: 'rest-xml',
      subresources,
      anonymous: true,
      operations: [
        ...bucketOperations(store),
        ...settingOperations(store),
        ...policyOperations(store),
        ...tagOperations(store),
        ...listOperations(store),
        ...readOperations(store),
        ...writeOperations(store, authorize),
        ...copyOperations(store),
        ...multipartOperations(store),
        ...notificationOperations(store),
      ],
      denied,
      unrouted: ({ target }) =>
        [...new URLSearchParams(target.split('?')[1]).keys()].some(name => subresources.has(name))
          ? notImplemented('query')
          : new AwsError(
              'MethodNotAllowed',
              'The specified method is not allowed against this resource.',
              405,
            ),
    },
    resources: [
      bucketResource(store),
      bucketPolicyResource(store),
      emptyingResource(store),
      notificationsResource(store),
    ],
    objects: {
      find: (bucket, key) => ({ kind: 'file', path: store.version(store.bucket(bucket), key).path }),
    },
    withoutSignature(wire) {
      if (wire.method !== 'OPTIONS' || wire.headers['access-control-request-method'] === undefined) return
      const bucket = store.find(bucketIn(wire))
      return bucket && answerPreflight(bucket, wire)
    },
    serves: host => /^.{3,}\.localhost$/.test(host),
    kept: objectKeeper(store),
    stop: store.stop,
  }
}

/** Everything that S3 lets a query ask for instead of the bucket or object itself. */
const subresources: ReadonlySet<string> = new Set([
  'accelerate',
  'acl',
  'analytics',
  'attributes',
  'cors',
  'delete',
  'encryption',
  'intelligent-tiering',
  'inventory',
  'legal-hold',
  'lifecycle',
  'list-type',
  'location',
  'logging',
  'metadataConfiguration',
  'metadataTable',
  'metrics',
  'notification',
  'object-lock',
  'ownershipControls',
  'policy',
  'policyStatus',
  'publicAccessBlock',
  'renameObject',
  'replication',
  'requestPayment',
  'restore',
  'retention',
  'select',
  'session',
  'tagging',
  'torrent',
  'uploadId',
  'uploads',
  'versioning',
  'versions',
  'website',
])
