import { readXml, textIn } from '../door/protocols/xml.ts'
import { AwsError } from '../error.ts'
import type { Operation, RestInput } from '../service.ts'
import { headerOf, ofBucket, onBucket } from './access.ts'
import { malformedXml } from './errors.ts'
import { ownerOf } from './list-operations.ts'
import { payloadOf } from './payload.ts'
import type { Store } from './store.ts'

/** Buckets as such: their making, finding and removal. */
export const bucketOperations = (store: Store): readonly Operation<RestInput>[] => [
  {
    name: 'ListBuckets',
    route: 'GET /',
    access: () => [{ action: 's3:ListAllMyBuckets', resource: '*' }],
    run({ query }: RestInput) {
      const { prefix = '', 'continuation-token': token = '' } = query
      const most = Number(query['max-buckets'] ?? 10_000)
      const found = store.all().filter(({ name }) => name.startsWith(prefix) && name > token)
      const shown = found.slice(0, most)
      return {
        root: 'ListAllMyBucketsResult',
        members: {
          Owner: ownerOf(store),
          Buckets: {
            Bucket: shown.map(({ name, arn, createdAt }) => ({
              Name: name,
              CreationDate: new Date(createdAt),
              BucketRegion: store.account.region,
              BucketArn: arn,
            })),
          },
          ContinuationToken: shown.length < found.length ? shown.at(-1)!.name : undefined,
          Prefix: query.prefix,
        },
      }
    },
  },
  {
    name: 'CreateBucket',
    route: 'PUT /:bucket',
    access: ({ params }: RestInput) => [
      { action: 's3:CreateBucket', resource: `arn:${store.account.partition}:s3:::${params.bucket}` },
    ],
    run({ params }: RestInput, call) {
      const { region } = store.account
      checkRegion(payloadOf(call.wire).bytes, region)
      const acl = headerOf(call, 'x-amz-acl')
      if (acl !== undefined && acl !== 'private') {
        throw new AwsError(
          'InvalidBucketAclWithObjectOwnership',
          "Bucket cannot have ACLs set with ObjectOwnership's BucketOwnerEnforced setting",
        )
      }
      // Only in us-east-1 the owner may create a bucket again, and nothing happens.
      const existing = region === 'us-east-1' ? store.find(params.bucket!) : undefined
      const { name, arn } = existing ?? store.create(params.bucket!)
      return { headers: { location: `/${name}`, 'x-amz-bucket-arn': arn } }
    },
  },
  onBucket(store, 'HeadBucket', 'HEAD /:bucket', ofBucket('s3:ListBucket'), ({ bucket }) => ({
    headers: {
      'x-amz-bucket-region': store.account.region,
      'x-amz-bucket-arn': bucket.arn,
      'x-amz-access-point-alias': 'false',
    },
  })),
  onBucket(store, 'DeleteBucket', 'DELETE /:bucket', ofBucket('s3:DeleteBucket'), ({ bucket }) => {
    store.remove(bucket)
    return { status: 204 }
  }),
  onBucket(store, 'GetBucketLocation', 'GET /:bucket?location', ofBucket('s3:GetBucketLocation'), () => {
    const { region } = store.account
    // The oldest region has no name here.
    return { root: 'LocationConstraint', members: region === 'us-east-1' ? '' : region }
  }),
  onBucket(
    store,
    'GetBucketVersioning',
    'GET /:bucket?versioning',
    ofBucket('s3:GetBucketVersioning'),
    ({ bucket }) => ({ root: 'VersioningConfiguration', members: { Status: bucket.versioning } }),
  ),
  onBucket(
    store,
    'PutBucketVersioning',
    'PUT /:bucket?versioning',
    ofBucket('s3:PutBucketVersioning'),
    ({ bucket }, _, call) => {
      const document = readXml(payloadOf(call.wire).bytes.toString())
      const status = textIn(document, 'Status')
      if (document?.name !== 'VersioningConfiguration') throw malformedXml()
      if (status !== 'Enabled' && status !== 'Suspended') {
        throw new AwsError(
          'IllegalVersioningConfigurationException',
          'The Versioning element must be specified',
        )
      }
      bucket.versioning = status
      return {}
    },
  ),
]

/** Throws `IllegalLocationConstraintException` and `InvalidLocationConstraint`. */
function checkRegion(body: Buffer, region: string): void {
  const document = body.length > 0 ? readXml(body.toString()) : undefined
  if (body.length > 0 && document?.name !== 'CreateBucketConfiguration') throw malformedXml()
  const asked = textIn(document, 'LocationConstraint') || undefined
  if (asked === 'us-east-1') {
    throw new AwsError('InvalidLocationConstraint', 'The specified location-constraint is not valid', 400, {
      LocationConstraint: asked,
    })
  }
  if ((asked ?? 'us-east-1') !== region) {
    throw new AwsError(
      'IllegalLocationConstraintException',
      `The ${asked ?? 'unspecified'} location constraint is incompatible for the region specific endpoint this request was sent to.`,
    )
  }
}
