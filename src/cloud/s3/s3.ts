import type { Account } from '../account.ts'
import type { Clock } from '../clock.ts'
import type { Objects, ResourceType } from '../cloudformation/resource.ts'
import { AwsError } from '../error.ts'
import type { Guardian } from '../guardian.ts'
import type { Service } from '../service.ts'
import { bucketOperations } from './bucket-operations.ts'
import { copyOperations } from './copy-operations.ts'
import { denied } from './denied.ts'
import { notImplemented } from './errors.ts'
import { listOperations } from './list-operations.ts'
import { multipartOperations } from './multipart-operations.ts'
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
  /** `AWS::S3::Bucket`, `AWS::S3::BucketPolicy`, and CDK's `Custom::S3AutoDeleteObjects`. */
  readonly resources: readonly ResourceType[]
  /** The objects as Lambda and CloudFormation read them. */
  readonly objects: Objects
  /** Whether a host is a bucket's own, here: `bucket.localhost`. */
  serves(host: string): boolean
  /** Forgets every object. */
  stop(): void
}

/** Starts S3 without a bucket. Lifecycle rules follow the cloud's clock. */
export function startS3({
  authorize,
  ...cloud
}: {
  readonly account: Account
  readonly clock: Clock
  readonly guardian: Guardian
  readonly authorize: Authorize
}): S3 {
  const store = openStore(cloud)
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
    resources: [bucketResource(store), bucketPolicyResource(store), emptyingResource(store)],
    objects: {
      find: (bucket, key) => ({ kind: 'file', path: store.version(store.bucket(bucket), key).path }),
    },
    serves: host => /^.{3,}\.localhost$/.test(host),
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
