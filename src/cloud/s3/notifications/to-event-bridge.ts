import type { Account } from '../../account.ts'
import type { Call } from '../../service.ts'
import type { Bucket } from '../bucket.ts'
import type { Happened } from './message.ts'

/** What happened to an object, as EventBridge is told of it; undefined for what it is not told of here. */
export function detailFor(
  bucket: Bucket,
  { name, key, version }: Happened,
  { accountId }: Account,
  call: Call | undefined,
):
  | { readonly 'detail-type': string; readonly resources: readonly string[]; readonly detail: object }
  | undefined {
  const [group, how = ''] = name.split(':')
  const versionId =
    version && bucket.versioning !== undefined ? { 'version-id': version.versionId } : undefined
  const common = {
    version: '0',
    bucket: { name: bucket.name },
    'request-id': call?.requestId ?? '',
    requester: call ? accountId : 's3.amazonaws.com',
    ...(call ? { 'source-ip-address': call.wire.sourceIp } : {}),
  }
  if (group === 'ObjectCreated' && version) {
    const object = { key, size: version.size, etag: version.etag, ...versionId }
    return about(bucket, 'Object Created', { ...common, object, reason: REASONS[how] })
  }
  if (group === 'ObjectRemoved' || group === 'LifecycleExpiration') {
    return about(bucket, 'Object Deleted', {
      ...common,
      object: { key, ...versionId },
      reason: group === 'ObjectRemoved' ? 'DeleteObject' : 'Lifecycle Expiration',
      'deletion-type': how === 'Delete' ? 'Permanently Deleted' : 'Delete Marker Created',
    })
  }
  if (group === 'ObjectTagging' && version) {
    const object = { key, etag: version.etag, ...versionId }
    return about(bucket, how === 'Put' ? 'Object Tags Added' : 'Object Tags Deleted', { ...common, object })
  }
  return undefined
}

const REASONS: Readonly<Record<string, string>> = {
  Put: 'PutObject',
  Copy: 'CopyObject',
  CompleteMultipartUpload: 'CompleteMultipartUpload',
}

const about = ({ arn }: Bucket, detailType: string, detail: object) => ({
  'detail-type': detailType,
  resources: [arn],
  detail,
})
