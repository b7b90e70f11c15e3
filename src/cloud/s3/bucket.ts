import type { XmlElement } from '../door/protocols/xml.ts'
import type { PolicyDocument } from '../iam/policy.ts'
import type { Notifications } from './notifications/configuration.ts'

/** What is kept of an object beside its bytes, as the client gave it. */
export interface ObjectHeaders {
  readonly contentType: string
  /** `cache-control`, `content-disposition`, `content-encoding`, `content-language`, `expires`, `x-amz-website-redirect-location`. */
  readonly system: Readonly<Record<string, string>>
  /** `x-amz-meta-…`, without that beginning. */
  readonly metadata: Readonly<Record<string, string>>
  /** `x-amz-server-side-encryption` and what belongs to it. */
  readonly encryption: Readonly<Record<string, string>>
  readonly storageClass: string
}

/** A checksum as S3 shows it: of the whole object, or of its parts' checksums. */
export interface Checksum {
  readonly algorithm: string
  /** Base64; with `-3` behind it when it is one of three parts. */
  readonly value: string
  readonly type: 'FULL_OBJECT' | 'COMPOSITE'
}

/** One version of an object. A delete marker has no bytes. */
export interface Version {
  readonly key: string
  /** `null` in a bucket that keeps no versions. */
  readonly versionId: string
  readonly modified: number
  readonly isMarker: boolean
  /** Where the bytes lie. */
  readonly path: string
  readonly size: number
  /** Without the quotes. */
  readonly etag: string
  readonly headers: ObjectHeaders
  readonly checksum?: Checksum | undefined
  readonly tags: Map<string, string>
  /** Of an object that came in parts: the size of each. */
  readonly parts?: readonly number[] | undefined
}

/** The settings of a bucket that are kept as they were sent, by the name of their subresource. */
export type SettingName =
  | 'cors'
  | 'encryption'
  | 'lifecycle'
  | 'ownershipControls'
  | 'publicAccessBlock'
  | 'website'

/** A bucket and what is in it. */
export interface Bucket {
  readonly name: string
  readonly arn: string
  readonly createdAt: number
  /** Undefined until versioning has been set for the first time. */
  versioning: 'Enabled' | 'Suspended' | undefined
  /** Whether SSE's bucket key is used and the like: documents by subresource. */
  readonly settings: Map<SettingName, XmlElement>
  readonly tags: Map<string, string>
  /** Whom it tells of its objects. */
  notifications: Notifications
  /** As it was put: GetBucketPolicy gives back the same text. */
  policyText: string | undefined
  policy: PolicyDocument | undefined
  /** Every key's versions, the current one last. */
  readonly objects: Map<string, Version[]>
  readonly uploads: Map<string, Upload>
}

/** A multipart upload that goes on. */
export interface Upload {
  readonly uploadId: string
  readonly key: string
  readonly startedAt: number
  readonly headers: ObjectHeaders
  readonly tags: ReadonlyMap<string, string>
  readonly checksum: { readonly algorithm: string; readonly type: Checksum['type'] } | undefined
  readonly parts: Map<number, Part>
}

/** One part of it. */
export interface Part {
  readonly number: number
  readonly path: string
  readonly size: number
  readonly etag: string
  readonly modified: number
  /** Base64. */
  readonly checksum?: { readonly algorithm: string; readonly value: string } | undefined
}

/** The version that a key stands for; undefined when there is none or it has been deleted. */
export function currentOf(bucket: Bucket, key: string): Version | undefined {
  const last = bucket.objects.get(key)?.at(-1)
  return last?.isMarker ? undefined : last
}
