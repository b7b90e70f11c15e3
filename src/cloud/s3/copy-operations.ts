import { readFileSync } from 'node:fs'
import type { Call, Operation, RestInput } from '../service.ts'
import { accessTo, headerOf, onBucket } from './access.ts'
import { type Bucket, currentOf, type Version } from './bucket.ts'
import { checkWrite } from './conditions.ts'
import { invalidArgument, invalidRequest } from './errors.ts'
import { objectHeaders, tagsInHeader } from './headers.ts'
import type { Store } from './store.ts'
import { putting, written } from './write-operations.ts'

/** Copying an object within the account. */
export const copyOperations = (store: Store): readonly Operation<RestInput>[] => [
  onBucket(
    store,
    'CopyObject',
    'PUT /:bucket/:key?x-amz-copy-source',
    (place, input, call) => [...readingSource(store, call), ...putting(place, input, call)],
    ({ bucket, key }, _, call) => {
      const { bucket: from, version: source } = copySource(store, call)
      const replaces = headerOf(call, 'x-amz-metadata-directive') === 'REPLACE'
      if (from === bucket && source.key === key && !replaces && source === currentOf(bucket, key)) {
        throw invalidRequest(
          "This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata, storage class, website redirect location or encryption attributes.",
        )
      }
      checkWrite(call, key, currentOf(bucket, key))
      const given = objectHeaders(call, bucket)
      const { contentType, system, metadata } = replaces ? given : source.headers
      const version = store.put(bucket, {
        key,
        path: store.keep(readFileSync(source.path)),
        size: source.size,
        etag: source.etag,
        headers: { ...given, contentType, system, metadata },
        checksum: source.checksum,
        tags:
          headerOf(call, 'x-amz-tagging-directive') === 'REPLACE' ? tagsInHeader(call) : new Map(source.tags),
      })
      store.notifier.notify(bucket, { name: 'ObjectCreated:Copy', key, version }, call)
      const { etag: ETag, ...headers } = written(version, bucket)
      return {
        headers: {
          ...headers,
          'x-amz-copy-source-version-id': from.versioning === undefined ? undefined : source.versionId,
        },
        root: 'CopyObjectResult',
        members: { LastModified: new Date(version.modified), ETag },
      }
    },
  ),
]

/** What IAM is asked about the object that is copied. */
export function readingSource(store: Store, call: Call) {
  const { bucket, key, versionId } = placeOfSource(store, call)
  return [accessTo(versionId === undefined ? 's3:GetObject' : 's3:GetObjectVersion', bucket, call, key)]
}

/** The object that is copied. Throws `NoSuchKey` and its kin. */
export function copySource(store: Store, call: Call): { readonly bucket: Bucket; readonly version: Version } {
  const { bucket, key, versionId } = placeOfSource(store, call)
  return { bucket, version: store.version(bucket, key, versionId) }
}

/** `/bucket/key?versionId=…`, URL-encoded, with or without the first slash. */
function placeOfSource(store: Store, call: Call) {
  const header = headerOf(call, 'x-amz-copy-source')!
  const [path = '', query] = header.split('?versionId=')
  const [, name, key] = /^\/?([^/]+)\/(.+)$/s.exec(decodeURIComponent(path)) ?? []
  if (!name || !key) {
    throw invalidArgument(
      'Copy Source must mention the source bucket and key: sourcebucket/sourcekey',
      'x-amz-copy-source',
      header,
    )
  }
  return { bucket: store.bucket(name), key, versionId: query }
}
