import { AwsError } from '../error.ts'
import type { Call } from '../service.ts'
import { headerOf } from './access.ts'
import type { Bucket, ObjectHeaders, Version } from './bucket.ts'
import { invalidArgument } from './errors.ts'
import { contentEncoding } from './payload.ts'
import { usualEncryption } from './usual-settings.ts'

const SYSTEM = [
  'cache-control',
  'content-disposition',
  'content-language',
  'expires',
  'x-amz-website-redirect-location',
]
const ENCRYPTION = [
  'x-amz-server-side-encryption',
  'x-amz-server-side-encryption-aws-kms-key-id',
  'x-amz-server-side-encryption-bucket-key-enabled',
]
const META = 'x-amz-meta-'

/** What a client says of an object that it puts. Throws `AccessControlListNotSupported`. */
export function objectHeaders(call: Call, bucket: Bucket): ObjectHeaders {
  checkAcl(call)
  const picked = (names: readonly string[]) =>
    Object.fromEntries(
      names.flatMap(name => {
        const value = headerOf(call, name)
        return value === undefined ? [] : [[name, value]]
      }),
    )
  const encoding = contentEncoding(headerOf(call, 'content-encoding'))
  const meta = Object.keys(call.wire.headers).filter(name => name.startsWith(META))
  const encryption = picked(ENCRYPTION)
  return {
    contentType: headerOf(call, 'content-type') ?? 'binary/octet-stream',
    system: { ...picked(SYSTEM), ...(encoding === undefined ? {} : { 'content-encoding': encoding }) },
    metadata: Object.fromEntries(meta.map(name => [name.slice(META.length), headerOf(call, name)!])),
    encryption: Object.keys(encryption).length > 0 ? encryption : usualEncryption(bucket),
    storageClass: headerOf(call, 'x-amz-storage-class') ?? 'STANDARD',
  }
}

/** Only the owner's own ACL is taken: in a new bucket ACLs are off. */
function checkAcl(call: Call): void {
  const acl = headerOf(call, 'x-amz-acl')
  const grants = Object.keys(call.wire.headers).some(name => name.startsWith('x-amz-grant-'))
  if (grants || (acl !== undefined && !['private', 'bucket-owner-full-control'].includes(acl))) {
    throw new AwsError('AccessControlListNotSupported', 'The bucket does not allow ACLs')
  }
}

/** `a=1&b=2` of the header `x-amz-tagging`. */
export function tagsInHeader(call: Call): Map<string, string> {
  const header = headerOf(call, 'x-amz-tagging')
  const tags = new Map(new URLSearchParams(header ?? ''))
  if (tags.size > 10) throw invalidArgument('Object tags cannot be greater than 10', 'x-amz-tagging', header)
  return tags
}

/** The headers that describe an object to its reader. */
export function describing(version: Version, bucket: Bucket): Record<string, string | undefined> {
  const { headers, etag, modified, versionId, tags, checksum: _ } = version
  return {
    'content-type': headers.contentType,
    ...headers.system,
    ...Object.fromEntries(Object.entries(headers.metadata).map(([name, value]) => [META + name, value])),
    ...headers.encryption,
    etag: `"${etag}"`,
    'last-modified': new Date(modified).toUTCString(),
    'accept-ranges': 'bytes',
    'x-amz-version-id': bucket.versioning === undefined ? undefined : versionId,
    'x-amz-tagging-count': tags.size > 0 ? String(tags.size) : undefined,
    'x-amz-storage-class': headers.storageClass === 'STANDARD' ? undefined : headers.storageClass,
    'x-amz-mp-parts-count': undefined,
  }
}

/** `x-amz-checksum-crc32` and its type. */
export const checksumHeaders = ({ checksum }: Pick<Version, 'checksum'>): Record<string, string> =>
  checksum
    ? {
        [`x-amz-checksum-${checksum.algorithm.toLowerCase()}`]: checksum.value,
        'x-amz-checksum-type': checksum.type,
      }
    : {}
