import { allIn, readXml, textIn } from '../door/protocols/xml.ts'
import { AwsError } from '../error.ts'
import type { Call, Operation, RestInput } from '../service.ts'
import { accessTo, ofBucket, ofObject, onBucket, reading } from './access.ts'
import { malformedXml } from './errors.ts'
import { payloadOf } from './payload.ts'
import type { Store } from './store.ts'

/** Tags of buckets and of objects. */
export const tagOperations = (store: Store): readonly Operation<RestInput>[] => [
  onBucket(
    store,
    'GetBucketTagging',
    'GET /:bucket?tagging',
    ofBucket('s3:GetBucketTagging'),
    ({ bucket }) => {
      if (bucket.tags.size === 0) throw new AwsError('NoSuchTagSet', 'The TagSet does not exist', 404)
      return shown(bucket.tags)
    },
  ),
  onBucket(
    store,
    'PutBucketTagging',
    'PUT /:bucket?tagging',
    ofBucket('s3:PutBucketTagging'),
    ({ bucket }, _, call) => {
      replace(bucket.tags, sent(call, 50))
      return { status: 204 }
    },
  ),
  onBucket(
    store,
    'DeleteBucketTagging',
    'DELETE /:bucket?tagging',
    ofBucket('s3:PutBucketTagging'),
    ({ bucket }) => {
      bucket.tags.clear()
      return { status: 204 }
    },
  ),
  onBucket(
    store,
    'GetObjectTagging',
    'GET /:bucket/:key?tagging',
    reading('ObjectTagging'),
    ({ bucket, key }, { query }) => shown(store.version(bucket, key, query.versionId).tags),
  ),
  onBucket(
    store,
    'PutObjectTagging',
    'PUT /:bucket/:key?tagging',
    ({ bucket, key }, _, call) => [
      accessTo(
        's3:PutObjectTagging',
        bucket,
        call,
        key,
        Object.fromEntries(
          [...sent(call, 10)].map(([name, value]) => [`s3:RequestObjectTag/${name}`, value]),
        ),
      ),
    ],
    ({ bucket, key }, { query }, call) => {
      const version = store.version(bucket, key, query.versionId)
      replace(version.tags, sent(call, 10))
      store.notifier.notify(bucket, { name: 'ObjectTagging:Put', key, version }, call)
      return {}
    },
  ),
  onBucket(
    store,
    'DeleteObjectTagging',
    'DELETE /:bucket/:key?tagging',
    ofObject('s3:DeleteObjectTagging'),
    ({ bucket, key }, { query }, call) => {
      const version = store.version(bucket, key, query.versionId)
      version.tags.clear()
      store.notifier.notify(bucket, { name: 'ObjectTagging:Delete', key, version }, call)
      return { status: 204 }
    },
  ),
]

const shown = (tags: ReadonlyMap<string, string>) => ({
  root: 'Tagging',
  members: { TagSet: { Tag: [...tags].map(([Key, Value]) => ({ Key, Value })) } },
})

/** Throws `MalformedXML`, `InvalidTag`, `BadRequest` for too many. */
function sent(call: Call, most: number): ReadonlyMap<string, string> {
  const document = readXml(payloadOf(call.wire).bytes.toString())
  if (document?.name !== 'Tagging') throw malformedXml()
  const given = allIn(allIn(document, 'TagSet')[0], 'Tag')
  const tags = new Map(given.map(tag => [textIn(tag, 'Key') ?? '', textIn(tag, 'Value') ?? '']))
  if (tags.size < given.length) {
    throw new AwsError('InvalidTag', 'Cannot provide multiple Tags with the same key')
  }
  if (tags.size > most) {
    const whose = most === 10 ? 'Object tags' : 'Bucket tag count'
    throw new AwsError('BadRequest', `${whose} cannot be greater than ${most}`)
  }
  for (const key of tags.keys()) {
    if (key.startsWith('aws:')) {
      throw new AwsError('InvalidTag', 'System tags cannot be added/updated by requester')
    }
  }
  return tags
}

function replace(tags: Map<string, string>, by: ReadonlyMap<string, string>): void {
  tags.clear()
  for (const [key, value] of by) tags.set(key, value)
}
