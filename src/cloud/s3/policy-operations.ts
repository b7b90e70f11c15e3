import { AwsError } from '../error.ts'
import { principalName } from '../iam/denial.ts'
import type { PolicyDocument } from '../iam/policy.ts'
import { validatePolicy } from '../iam/validate.ts'
import type { Operation, RestInput } from '../service.ts'
import { ofBucket, onBucket } from './access.ts'
import type { Bucket } from './bucket.ts'
import { accessDenied } from './errors.ts'
import { payloadOf } from './payload.ts'
import { blocksPublicPolicy, isPublic } from './public-access.ts'
import type { Store } from './store.ts'

/** The policy that a bucket has of its own; IAM is asked with it. */
export const policyOperations = (store: Store): readonly Operation<RestInput>[] => [
  onBucket(store, 'GetBucketPolicy', 'GET /:bucket?policy', ofBucket('s3:GetBucketPolicy'), ({ bucket }) => {
    if (bucket.policyText === undefined) throw noSuchPolicy()
    return { headers: { 'content-type': 'application/json' }, bytes: Buffer.from(bucket.policyText) }
  }),
  onBucket(
    store,
    'PutBucketPolicy',
    'PUT /:bucket?policy',
    ofBucket('s3:PutBucketPolicy'),
    ({ bucket }, _, call) => {
      setPolicy(bucket, payloadOf(call.wire).bytes.toString(), principalName(call.principal))
      return { status: 204 }
    },
  ),
  onBucket(
    store,
    'DeleteBucketPolicy',
    'DELETE /:bucket?policy',
    ofBucket('s3:DeleteBucketPolicy'),
    ({ bucket }) => {
      dropPolicy(bucket)
      return { status: 204 }
    },
  ),
  onBucket(
    store,
    'GetBucketPolicyStatus',
    'GET /:bucket?policyStatus',
    ofBucket('s3:GetBucketPolicyStatus'),
    ({ bucket }) => {
      if (!bucket.policy) throw noSuchPolicy()
      return { root: 'PolicyStatus', members: { IsPublic: String(isPublic(bucket.policy)).toUpperCase() } }
    },
  ),
]

/** Throws `MalformedPolicy`, and `AccessDenied` for one that is public where that is blocked. */
export function setPolicy(bucket: Bucket, text: string, by?: string): void {
  const policy = policyIn(text, bucket)
  if (isPublic(policy) && blocksPublicPolicy(bucket)) {
    const who =
      by === undefined ? '' : `User: ${by} is not authorized to perform: s3:PutBucketPolicy on resource: `
    throw accessDenied(
      `${who}"${bucket.arn}" because public policies are prevented by the BlockPublicPolicy setting in S3 Block Public Access.`,
    )
  }
  bucket.policyText = text
  bucket.policy = policy
}

/** Takes a bucket's policy away. */
export function dropPolicy(bucket: Bucket): void {
  bucket.policyText = undefined
  bucket.policy = undefined
}

function policyIn(text: string, { arn }: Bucket): PolicyDocument {
  try {
    validatePolicy(text, 'resource')
  } catch (error) {
    if (error instanceof AwsError) throw malformedPolicy(error.message)
    throw error
  }
  const policy: PolicyDocument = JSON.parse(text)
  for (const { Resource = [] } of [policy.Statement].flat()) {
    const isOurs = (one: string) =>
      one === arn || one.startsWith(`${arn}/`) || one === `${arn}*` || one === '*'
    if (![Resource].flat().every(isOurs)) throw malformedPolicy('Policy has invalid resource')
  }
  return policy
}

const malformedPolicy = (message: string) => new AwsError('MalformedPolicy', message)
const noSuchPolicy = () => new AwsError('NoSuchBucketPolicy', 'The bucket policy does not exist', 404)
