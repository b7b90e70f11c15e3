import { AwsError } from '../error.ts'
import { validationError } from './names.ts'
import type { PolicyDocument } from './policy.ts'
import type { Iam } from './roles.ts'
import { validatePolicy } from './validate.ts'

export interface Paging {
  readonly MaxItems?: string
  readonly Marker?: string
}

/** The members `list`, `IsTruncated` and, where there is more, `Marker`. */
export function page<T>(list: string, all: readonly T[], { MaxItems = '100', Marker = '0' }: Paging) {
  const size = Number(MaxItems)
  if (!(size >= 1 && size <= 1000)) {
    throw validationError('maxItems', MaxItems, 'Member must have value between 1 and 1000')
  }
  const from = Number(Marker)
  if (!Number.isInteger(from)) throw new AwsError('InvalidInput', `Invalid Marker: ${Marker}`)
  const IsTruncated = from + size < all.length
  return {
    [list]: all.slice(from, from + size),
    IsTruncated,
    ...(IsTruncated ? { Marker: String(from + size) } : {}),
  }
}

/** A member that AWS insists on. */
export function required(parameter: string, value: string | undefined): string {
  if (!value)
    throw new AwsError(
      'ValidationError',
      `1 validation error detected: Value null at '${parameter}' failed to satisfy constraint: Member must not be null`,
    )
  return value
}

/** Documents travel URL-encoded in IAM's answers; boto3 and the CLI decode them, SDKs for JavaScript leave that to the caller. */
export const encoded = (document: PolicyDocument) => encodeURIComponent(JSON.stringify(document))

export const date = (at: number) => new Date(at).toISOString().replace(/\.\d+/, '')

/** Tags as the Query protocol has them; a list that was sent empty is ''. */
export const tagsIn = (tags: unknown): Readonly<Record<string, string>> =>
  Object.fromEntries((Array.isArray(tags) ? tags : []).map(({ Key, Value }) => [Key, Value ?? '']))

export const tagsOut = (tags: Readonly<Record<string, string>>) =>
  Object.entries(tags).map(([Key, Value]) => ({ Key, Value }))

/** A policy's text, as somebody sent it. Throws `MalformedPolicyDocument`. */
export function documentIn(text: string): PolicyDocument {
  validatePolicy(text, 'identity')
  return JSON.parse(text)
}

export const arnPrefix = ({ account: { partition, accountId } }: Iam) => `arn:${partition}:iam::${accountId}`
