import type { Account } from '../../account.ts'
import { principalName } from '../../iam/denial.ts'
import type { Call } from '../../service.ts'
import type { Bucket, Version } from '../bucket.ts'

/** What happened to an object. */
export interface Happened {
  /** `ObjectCreated:Put`. */
  readonly name: string
  readonly key: string
  /** The version that came, changed or went; undefined for one that was never there. */
  readonly version: Version | undefined
}

/** When and where something happened, and who did it. */
export interface Circumstance {
  readonly account: Account
  readonly now: number
  /** Counts up. */
  readonly count: number
  /** Undefined when S3 did it itself. */
  readonly call: Call | undefined
}

/** The record of a notification, version 2.1 of AWS's event message. */
export function recordOf(
  { name, key, version }: Happened,
  bucket: Bucket,
  configurationId: string,
  { account, now, count, call }: Circumstance,
) {
  const isMarker = version?.isMarker === true
  const isGone = /^(ObjectRemoved|LifecycleExpiration):/.test(name)
  return {
    eventVersion: '2.1',
    eventSource: 'aws:s3',
    awsRegion: account.region,
    eventTime: new Date(now).toISOString(),
    eventName: name,
    userIdentity: { principalId: call ? `AWS:${userIdOf(call)}` : 's3.amazonaws.com' },
    requestParameters: { sourceIPAddress: call?.wire.sourceIp ?? 's3.amazonaws.com' },
    responseElements: { 'x-amz-request-id': call?.requestId ?? '', 'x-amz-id-2': call?.requestId ?? '' },
    s3: {
      s3SchemaVersion: '1.0',
      configurationId,
      bucket: {
        name: bucket.name,
        ownerIdentity: { principalId: OWNER },
        arn: bucket.arn,
      },
      object: {
        // As in a form: a blank is a plus.
        key: encodeURIComponent(key).replace(/%20/g, '+').replace(/%2F/g, '/'),
        ...(version && !isGone ? { size: version.size, eTag: version.etag } : {}),
        ...(isMarker ? { eTag: EMPTY } : {}),
        ...(version && bucket.versioning !== undefined ? { versionId: version.versionId } : {}),
        sequencer: sequencerOf(now, count),
      },
    },
  }
}

/** Grows with time, so that a reader can put events of one key into their order. */
export const sequencerOf = (now: number, count: number): string =>
  `00${now.toString(16).toUpperCase().padStart(12, '0')}${count.toString(16).toUpperCase().padStart(6, '0')}`

/** What S3 sends to a queue or topic when it is named for the first time. */
export const testMessage = (bucket: Bucket, now: number, requestId: string): string =>
  JSON.stringify({
    Service: 'Amazon S3',
    Event: 's3:TestEvent',
    Time: new Date(now).toISOString(),
    Bucket: bucket.name,
    RequestId: requestId,
    HostId: requestId,
  })

const userIdOf = ({ principal }: Call): string =>
  principal.kind === 'service' ? principalName(principal) : principal.userId

const OWNER = 'A3NL1KOZZKEXAMPLE'
/** MD5 of nothing: a delete marker has no bytes. */
const EMPTY = 'd41d8cd98f00b204e9800998ecf8427e'
