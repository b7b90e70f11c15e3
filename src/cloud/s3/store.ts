import { createHash, randomBytes } from 'node:crypto'
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Account } from '../account.ts'
import type { Clock } from '../clock.ts'
import { AwsError } from '../error.ts'
import type { Guardian } from '../guardian.ts'
import { type Bucket, currentOf, type Version } from './bucket.ts'
import { bucketNotEmpty, noSuchBucket, noSuchKey, noSuchVersion } from './errors.ts'
import { expiredAt } from './lifecycle.ts'
import { noNotifications } from './notifications/configuration.ts'
import type { Notifier } from './notifications/notifier.ts'
import { giveUsualSettings } from './usual-settings.ts'

/** All buckets of the account. Bytes lie in files, so that an object's size is no matter of memory. */
export interface Store {
  readonly account: Account
  now(): number
  readonly notifier: Notifier
  all(): readonly Bucket[]
  find(name: string): Bucket | undefined
  /** Throws `NoSuchBucket`. */
  bucket(name: string): Bucket
  /** Throws `InvalidBucketName` and `BucketAlreadyOwnedByYou`. */
  create(name: string): Bucket
  /** Throws `BucketNotEmpty`. */
  remove(bucket: Bucket): void
  /** Puts bytes into a file of their own. */
  keep(bytes: Buffer): string
  discard(path: string): void
  /** Makes this the current version of its key; in a bucket that keeps no versions, the only one. */
  put(bucket: Bucket, version: Omit<Version, 'versionId' | 'modified' | 'isMarker'>): Version
  /** Deletes the key, by a marker where versions are kept, or one version for good. */
  delete(bucket: Bucket, key: string, versionId?: string): Version | undefined
  /** Throws `NoSuchKey`, `NoSuchVersion`, and `MethodNotAllowed` for a delete marker that is asked for by its id. */
  version(bucket: Bucket, key: string, versionId?: string): Version
  stop(): void
}

/** An account without buckets. */
export function openStore({
  account,
  clock,
  guardian,
  notifier,
}: {
  readonly account: Account
  readonly clock: Clock
  readonly guardian: Guardian
  readonly notifier: Notifier
}): Store {
  const buckets = new Map<string, Bucket>()
  let folder: string | undefined
  let kept = 0

  const store: Store = {
    account,
    now: clock.now,
    notifier,
    all: () => [...buckets.values()].sort((a, b) => (a.name < b.name ? -1 : 1)),
    find(name) {
      const bucket = buckets.get(name)
      if (bucket?.settings.has('lifecycle')) tidy(bucket)
      return bucket
    },
    bucket(name) {
      const bucket = store.find(name)
      if (!bucket) throw noSuchBucket(name)
      return bucket
    },
    create(name) {
      checkName(name)
      if (buckets.has(name)) {
        throw new AwsError(
          'BucketAlreadyOwnedByYou',
          'Your previous request to create the named bucket succeeded and you already own it.',
          409,
          { BucketName: name },
        )
      }
      const bucket: Bucket = {
        name,
        arn: `arn:${account.partition}:s3:::${name}`,
        createdAt: clock.now(),
        versioning: undefined,
        settings: new Map(),
        tags: new Map(),
        notifications: noNotifications,
        policyText: undefined,
        policy: undefined,
        objects: new Map(),
        uploads: new Map(),
      }
      giveUsualSettings(bucket)
      buckets.set(name, bucket)
      return bucket
    },
    remove(bucket) {
      if (bucket.objects.size > 0) throw bucketNotEmpty(bucket.name)
      for (const { parts } of bucket.uploads.values())
        for (const { path } of parts.values()) store.discard(path)
      buckets.delete(bucket.name)
    },
    keep(bytes) {
      folder ??= guardian.temporaryFolder('wslab-s3-')
      const path = join(folder, String(kept++))
      writeFileSync(path, bytes)
      return path
    },
    discard: path => rmSync(path, { force: true }),
    put: (bucket, asked) => place(bucket, { ...asked, isMarker: false, ...dated(bucket) }),
    delete(bucket, key, versionId) {
      if (versionId !== undefined) return forget(bucket, key, versionId)
      if (bucket.versioning === undefined) return forget(bucket, key, 'null')
      return place(bucket, { ...MARKER, key, tags: new Map(), ...dated(bucket) })
    },
    version(bucket, key, versionId) {
      if (versionId === undefined) {
        const current = currentOf(bucket, key)
        if (!current) throw noSuchKey(key)
        return current
      }
      const found = bucket.objects.get(key)?.find(one => one.versionId === versionId)
      if (!found) throw noSuchVersion(key, versionId)
      if (!found.isMarker) return found
      throw new AwsError(
        'MethodNotAllowed',
        'The specified method is not allowed against this resource.',
        405,
      )
    },
    stop() {
      if (folder) guardian.removeFolder(folder)
      folder = undefined
    },
  }
  return store

  function place(bucket: Bucket, version: Version): Version {
    const versions = bucket.objects.get(version.key) ?? []
    const replaced = versions.findIndex(one => one.versionId === version.versionId)
    for (const old of replaced < 0 ? [] : versions.splice(replaced, 1)) store.discard(old.path)
    bucket.objects.set(version.key, [...versions, version])
    return version
  }

  function forget(bucket: Bucket, key: string, versionId: string): Version | undefined {
    const versions = bucket.objects.get(key) ?? []
    const gone = versions.find(one => one.versionId === versionId)
    if (!gone) return undefined
    const left = versions.filter(one => one !== gone)
    if (left.length > 0) bucket.objects.set(key, left)
    else bucket.objects.delete(key)
    if (!gone.isMarker) store.discard(gone.path)
    return gone
  }

  /** Whatever is over by the bucket's rules is gone before anybody looks. */
  function tidy(bucket: Bucket): void {
    const { current, noncurrent, uploads } = expiredAt(bucket, clock.now())
    for (const { key } of current) expire(bucket, key)
    for (const { key, versionId } of noncurrent) expire(bucket, key, versionId)
    for (const { uploadId, parts } of uploads) {
      bucket.uploads.delete(uploadId)
      for (const { path } of parts.values()) store.discard(path)
    }
  }

  function expire(bucket: Bucket, key: string, versionId?: string): void {
    const version = store.delete(bucket, key, versionId)
    const what = version?.isMarker && versionId === undefined ? 'DeleteMarkerCreated' : 'Delete'
    notifier.notify(bucket, { name: `LifecycleExpiration:${what}`, key, version })
  }

  function dated({ versioning }: Bucket) {
    const versionId = versioning === 'Enabled' ? randomBytes(24).toString('base64url') : 'null'
    return { versionId, modified: clock.now() }
  }
}

const MARKER = {
  isMarker: true,
  path: '',
  size: 0,
  etag: '',
  headers: { contentType: '', system: {}, metadata: {}, encryption: {}, storageClass: 'STANDARD' },
}

/** Hexadecimal MD5: the ETag of an object that came in one piece. */
export const md5 = (bytes: Buffer) => createHash('md5').update(bytes).digest('hex')

/** "General purpose buckets naming rules" in the S3 guide. */
function checkName(name: string): void {
  const isValid =
    /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(name) &&
    !name.includes('..') &&
    !/^\d+\.\d+\.\d+\.\d+$/.test(name) &&
    !/^(xn--|sthree-|amzn-s3-demo-)|(-s3alias|--ol-s3|\.mrap|--x-s3)$/.test(name)
  if (!isValid) {
    throw new AwsError('InvalidBucketName', 'The specified bucket is not valid.', 400, { BucketName: name })
  }
}
