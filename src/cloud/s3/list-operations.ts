import type { Operation, RestInput } from '../service.ts'
import { accessTo, onBucket, type Question } from './access.ts'
import { currentOf, type Version } from './bucket.ts'
import { invalidArgument } from './errors.ts'
import { type Listing, listed } from './listing.ts'
import type { Store } from './store.ts'

/** Listing what is in a bucket. */
export const listOperations = (store: Store): readonly Operation<RestInput>[] => [
  onBucket(store, 'ListObjects', 'GET /:bucket', listing('s3:ListBucket'), ({ bucket }, { query }) => {
    const { marker = '' } = query
    const found = listed(currents(store, bucket.name), { ...asked(query), after: marker })
    return {
      root: 'ListBucketResult',
      members: {
        Name: bucket.name,
        ...common(found, query),
        Marker: found.encode(marker),
        NextMarker: query.delimiter && found.isTruncated ? found.encode(found.last!) : undefined,
      },
    }
  }),
  onBucket(
    store,
    'ListObjectsV2',
    'GET /:bucket?list-type',
    listing('s3:ListBucket'),
    ({ bucket }, { query }) => {
      const token = query['continuation-token']
      const startAfter = query['start-after']
      const after = token === undefined ? (startAfter ?? '') : fromToken(token)
      const found = listed(currents(store, bucket.name), { ...asked(query), after })
      return {
        root: 'ListBucketResult',
        members: {
          Name: bucket.name,
          ...common(found, query),
          KeyCount: found.contents.length + found.prefixes.length,
          ContinuationToken: token,
          NextContinuationToken: found.isTruncated ? toToken(found.last!) : undefined,
          StartAfter: startAfter === undefined ? undefined : found.encode(startAfter),
        },
      }
    },
  ),
  onBucket(
    store,
    'ListObjectVersions',
    'GET /:bucket?versions',
    listing('s3:ListBucketVersions'),
    ({ bucket }, { query }) => {
      const { 'key-marker': keyMarker = '', 'version-id-marker': versionMarker } = query
      const all = [...bucket.objects.values()].flatMap(versions => [...versions].reverse())
      const found = listed(all, { ...asked(query), after: keyMarker, afterVersion: versionMarker })
      const entry = (version: Version) => ({
        Key: found.encode(version.key),
        VersionId: version.versionId,
        IsLatest: String(bucket.objects.get(version.key)?.at(-1) === version),
        LastModified: new Date(version.modified),
        ...(version.isMarker ? {} : sizeOf(version)),
        Owner: ownerOf(store),
      })
      return {
        root: 'ListVersionsResult',
        members: {
          Name: bucket.name,
          ...common(found, query, false),
          KeyMarker: found.encode(keyMarker),
          VersionIdMarker: versionMarker ?? '',
          NextKeyMarker: found.isTruncated ? found.encode(found.last!) : undefined,
          NextVersionIdMarker: found.isTruncated ? found.lastVersion : undefined,
          Version: found.contents.filter(one => !one.isMarker).map(entry),
          DeleteMarker: found.contents.filter(one => one.isMarker).map(entry),
        },
      }
    },
  ),
]

/** Whose everything is. */
export const ownerOf = ({ account }: Store) => ({ ID: account.accountId.repeat(6).slice(0, 64) })

function listing(action: string): Question {
  return ({ bucket }, { query }, call) => {
    const context = Object.fromEntries(
      ['prefix', 'delimiter', 'max-keys'].flatMap(name =>
        query[name] === undefined ? [] : [[`s3:${name}`, query[name]]],
      ),
    )
    return [accessTo(action, bucket, call, undefined, context)]
  }
}

const currents = (store: Store, name: string): readonly Version[] => {
  const bucket = store.bucket(name)
  return [...bucket.objects.keys()].flatMap(key => currentOf(bucket, key) ?? [])
}

function asked(query: RestInput['query']) {
  const most = Number(query['max-keys'] ?? 1000)
  if (!Number.isInteger(most) || most < 0) {
    const message = `Provided max-keys not an integer or within integer range`
    throw invalidArgument(message, 'max-keys', query['max-keys'])
  }
  const encoding = query['encoding-type']
  if (encoding !== undefined && encoding !== 'url') {
    throw invalidArgument('Invalid Encoding Method specified in Request', 'encoding-type', encoding)
  }
  return {
    prefix: query.prefix ?? '',
    delimiter: query.delimiter ?? '',
    most: Math.min(most, 1000),
    isUrl: encoding === 'url',
  }
}

const common = (found: Listing, query: RestInput['query'], withContents = true) => ({
  Prefix: found.encode(query.prefix ?? ''),
  Delimiter: query.delimiter === undefined ? undefined : found.encode(query.delimiter),
  MaxKeys: query['max-keys'] ?? 1000,
  EncodingType: query['encoding-type'],
  IsTruncated: String(found.isTruncated),
  ...(withContents
    ? {
        Contents: found.contents.map(one => ({
          Key: found.encode(one.key),
          LastModified: new Date(one.modified),
          ...sizeOf(one),
        })),
      }
    : {}),
  CommonPrefixes: found.prefixes.map(prefix => ({ Prefix: found.encode(prefix) })),
})

const sizeOf = ({ etag, size, headers, checksum }: Version) => ({
  ETag: `"${etag}"`,
  ChecksumAlgorithm: checksum?.algorithm,
  ChecksumType: checksum?.type,
  Size: size,
  StorageClass: headers.storageClass,
})

const toToken = (key: string) => Buffer.from(key).toString('base64')

function fromToken(token: string): string {
  const key = Buffer.from(token, 'base64').toString()
  if (key === '' || toToken(key) !== token) {
    throw invalidArgument('The continuation token provided is incorrect', 'continuation-token')
  }
  return key
}
