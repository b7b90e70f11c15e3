import { allIn, readXml, textIn } from '../door/protocols/xml.ts'
import type { Decision } from '../iam/policy.ts'
import type { Principal } from '../iam/principal.ts'
import type { Access, Call, Operation, RestInput } from '../service.ts'
import { accessTo, headerOf, onBucket, type Place, type Question } from './access.ts'
import { type Bucket, currentOf, type Version } from './bucket.ts'
import { checksumOf, USUAL } from './checksums.ts'
import { checkWrite } from './conditions.ts'
import { denied } from './denied.ts'
import { malformedXml } from './errors.ts'
import { checksumHeaders, objectHeaders, tagsInHeader } from './headers.ts'
import { payloadOf } from './payload.ts'
import { md5, type Store } from './store.ts'

/** Asks IAM for one key of many. */
export type Authorize = (principal: Principal, access: Access) => Decision

/** Putting and deleting objects. */
export const writeOperations = (store: Store, authorize: Authorize): readonly Operation<RestInput>[] => [
  onBucket(store, 'PutObject', 'PUT /:bucket/:key', putting, ({ bucket, key }, _, call) => {
    checkWrite(call, key, currentOf(bucket, key))
    const { bytes, checksum } = payloadOf(call.wire)
    const { algorithm, value } = checksum ?? { algorithm: USUAL, value: checksumOf(USUAL, bytes) }
    const version = store.put(bucket, {
      key,
      path: store.keep(bytes),
      size: bytes.length,
      etag: md5(bytes),
      headers: objectHeaders(call, bucket),
      checksum: { algorithm, value, type: 'FULL_OBJECT' },
      tags: tagsInHeader(call),
    })
    store.notifier.notify(bucket, { name: 'ObjectCreated:Put', key, version }, call)
    return { headers: { ...written(version, bucket), ...checksumHeaders(version) } }
  }),
  onBucket(store, 'DeleteObject', 'DELETE /:bucket/:key', deleting, ({ bucket, key }, { query }, call) => {
    const gone = remove(store, bucket, key, query.versionId, call)
    return { status: 204, headers: gone ? deleted(gone, bucket) : {} }
  }),
  onBucket(
    store,
    'DeleteObjects',
    'POST /:bucket?delete',
    // Asked for each key on its own, so that one may go and another not.
    () => [],
    ({ bucket }, _, call) => {
      const request = readXml(payloadOf(call.wire).bytes.toString())
      const asked = allIn(request, 'Object')
      if (request?.name !== 'Delete' || asked.length === 0 || asked.length > 1000) throw malformedXml()
      const quiet = textIn(request, 'Quiet') === 'true'
      const Deleted: unknown[] = []
      const Errors: unknown[] = []
      for (const one of asked) {
        const key = textIn(one, 'Key') ?? ''
        const versionId = textIn(one, 'VersionId')
        const access = accessTo(deletion(versionId), bucket, call, key)
        const decision = authorize(call.principal, access)
        const ids = { Key: key, VersionId: versionId }
        if (!decision.allowed) {
          const { code, message } = denied(access, decision, call)
          Errors.push({ ...ids, Code: code, Message: message })
          continue
        }
        const gone = remove(store, bucket, key, versionId, call)
        const isMarker = gone?.isMarker && bucket.versioning !== undefined
        const marker = { DeleteMarker: 'true', DeleteMarkerVersionId: gone?.versionId }
        Deleted.push({ ...ids, ...(isMarker ? marker : {}) })
      }
      return { root: 'DeleteResult', members: { Deleted: quiet ? [] : Deleted, Error: Errors } }
    },
  ),
]

/** Deletes, and tells of it if there was anything. */
function remove(store: Store, bucket: Bucket, key: string, versionId: string | undefined, call: Call) {
  const version = store.delete(bucket, key, versionId)
  const isMarkerMade = version?.isMarker === true && versionId === undefined
  const name = `ObjectRemoved:${isMarkerMade ? 'DeleteMarkerCreated' : 'Delete'}`
  if (version) store.notifier.notify(bucket, { name, key, version }, call)
  return version
}

/** What IAM is asked when an object is put. */
export function putting({ bucket, key }: Place, _: RestInput, call: Call): readonly Access[] {
  const tags = [...tagsInHeader(call)]
  const encryption = headerOf(call, 'x-amz-server-side-encryption')
  const acl = headerOf(call, 'x-amz-acl')
  const context = {
    ...(acl === undefined ? {} : { 's3:x-amz-acl': acl }),
    ...(encryption === undefined ? {} : { 's3:x-amz-server-side-encryption': encryption }),
    ...Object.fromEntries(tags.map(([name, value]) => [`s3:RequestObjectTag/${name}`, value])),
  }
  return [
    accessTo('s3:PutObject', bucket, call, key, context),
    ...(tags.length > 0 ? [accessTo('s3:PutObjectTagging', bucket, call, key, context)] : []),
  ]
}

const deletion = (versionId: string | undefined) =>
  versionId === undefined ? 's3:DeleteObject' : 's3:DeleteObjectVersion'

const deleting: Question = ({ bucket, key }, { query }, call) => [
  accessTo(deletion(query.versionId), bucket, call, key),
]

/** What is told of an object that has been put. */
export const written = (version: Version, bucket: Bucket): Record<string, string | undefined> => ({
  ...version.headers.encryption,
  etag: `"${version.etag}"`,
  'x-amz-version-id': bucket.versioning === undefined ? undefined : version.versionId,
})

const deleted = ({ isMarker, versionId }: Version, { versioning }: Bucket) =>
  versioning === undefined
    ? {}
    : { 'x-amz-version-id': versionId, 'x-amz-delete-marker': isMarker ? 'true' : undefined }
