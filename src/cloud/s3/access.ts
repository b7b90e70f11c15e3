import type { XmlAnswer } from '../door/protocols/rest-xml.ts'
import type { Access, Call, Operation, RestInput } from '../service.ts'
import { type Bucket, currentOf } from './bucket.ts'
import { corsHeaders } from './cors.ts'
import { accessDenied } from './errors.ts'
import { restrictsPublic } from './public-access.ts'
import type { Store } from './store.ts'

/** The place that a request names. */
export interface Place {
  readonly bucket: Bucket
  readonly key: string
}

/** What an operation asks IAM, on the bucket or the object that it names. */
export type Question = (place: Place, input: RestInput, call: Call) => readonly Access[]

/**
 * An operation on a bucket that is there, or on an object in one. That there is no such bucket is told before IAM is
 * asked, to anybody; that it belongs to somebody else than expected as well.
 */
export const onBucket = (
  store: Store,
  name: string,
  route: NonNullable<Operation['route']>,
  question: Question,
  run: (place: Place, input: RestInput, call: Call) => XmlAnswer | undefined,
): Operation<RestInput> => ({
  name,
  route,
  access(input, call) {
    const place = placeOf(store, input)
    const expected = headerOf(call, 'x-amz-expected-bucket-owner')
    if (expected !== undefined && expected !== store.account.accountId) throw accessDenied()
    return question(place, input, call)
  },
  run(input, call) {
    const place = placeOf(store, input)
    const answer = run(place, input, call)
    return { ...answer, headers: { ...answer?.headers, ...corsHeaders(place.bucket, call.wire) } }
  },
})

const placeOf = (store: Store, { params }: RestInput): Place => ({
  bucket: store.bucket(params.bucket!),
  key: params.key!,
})

/** The question whether the caller may do `action` to the bucket. */
export const ofBucket =
  (action: string): Question =>
  ({ bucket }, _, call) => [accessTo(action, bucket, call)]

/** The same for the object. */
export const ofObject =
  (action: string): Question =>
  ({ bucket, key }, _, call) => [accessTo(action, bucket, call, key)]

/**
 * Access to read an object, or one version of it. Only callers that may list the bucket learn that an object does not exist: others are
 * denied.
 */
export function reading(what: 'Object' | 'ObjectTagging'): Question {
  return ({ bucket, key }, { query }, call) => {
    const [, tagging] = /^Object(Tagging)?$/.exec(what)!
    const action = query.versionId === undefined ? `s3:Get${what}` : `s3:GetObjectVersion${tagging ?? ''}`
    const isThere = query.versionId !== undefined || currentOf(bucket, key)
    return [
      accessTo(action, bucket, call, key),
      ...(isThere ? [] : [accessTo('s3:ListBucket', bucket, call)]),
    ]
  }
}

/** One question for IAM, with the bucket's own policy. */
export function accessTo(
  action: string,
  bucket: Bucket,
  { principal }: Pick<Call, 'principal'>,
  key?: string,
  context: Access['context'] = {},
): Access {
  const tags = key === undefined ? undefined : currentOf(bucket, key)?.tags
  const existing = [...(tags ?? [])].map(([name, value]) => [`s3:ExistingObjectTag/${name}`, value])
  const isForPublic = principal.kind === 'service' && principal.service === 'anonymous'
  const policy = isForPublic && restrictsPublic(bucket) ? undefined : bucket.policy
  return {
    action,
    resource: key === undefined ? bucket.arn : `${bucket.arn}/${key}`,
    context: { ...Object.fromEntries(existing), ...context },
    ...(policy ? { resourcePolicy: policy } : {}),
  }
}

/** A header of the request, if it is there. */
export function headerOf({ wire }: Pick<Call, 'wire'>, name: string): string | undefined {
  const value = wire.headers[name]
  return Array.isArray(value) ? value[0] : value
}
