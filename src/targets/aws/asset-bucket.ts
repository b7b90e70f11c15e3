import {
  type BucketLocationConstraint,
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteObjectsCommand,
  GetBucketTaggingCommand,
  ListBucketsCommand,
  ListObjectsV2Command,
  PutBucketEncryptionCommand,
  PutBucketLifecycleConfigurationCommand,
  PutBucketTaggingCommand,
  PutPublicAccessBlockCommand,
  S3Client,
} from '@aws-sdk/client-s3'
import type { AwsAccount, Identity } from './account.ts'
import { bucketPrefix, newBucketName, OURS, tagsOf } from './names.ts'

/**
 * The buckets in which the CDK puts the code of functions. Each attendee has one, so that nobody takes it away under
 * anybody; it is made when it is first needed, and goes with their last stack.
 */
export interface AssetBuckets {
  /** The name of the attendee's bucket, or of the one to be made. */
  nameFor(attendee: string): Promise<string>
  /** Makes it, unless it is there: private, encrypted, and empty after a day. */
  make(bucket: string, attendee: string): Promise<void>
  /** Those that are there and tagged as ours, and whose they are. */
  list(): Promise<readonly { readonly name: string; readonly attendee: string }[]>
  /** Whether this account has a bucket of that name, tagged or not. */
  exists(bucket: string): Promise<boolean>
  /** Empties and deletes it; whether it was there. */
  remove(bucket: string): Promise<boolean>
}

/** The asset buckets of an account and region. What they throw are errors of the SDK's. */
export function assetBuckets(
  { config, region, endpoint }: AwsAccount,
  { accountId }: Identity,
): AssetBuckets {
  // An endpoint of one's own has one name; AWS has one for each bucket.
  const s3 = new S3Client({ ...config, forcePathStyle: endpoint !== undefined })
  const prefix = bucketPrefix(accountId, region)
  // A bucket's name is anybody's to take. What is ours belongs to this account.
  const of = (Bucket: string) => ({ Bucket, ExpectedBucketOwner: accountId })

  const list = async () => {
    const { Buckets = [] } = await s3.send(new ListBucketsCommand({}))
    const names = Buckets.map(({ Name = '' }) => Name).filter(name => name.startsWith(prefix))
    const all = await Promise.all(names.map(async name => ({ name, tags: await tagsOn(name) })))
    return all
      .filter(({ tags }) => tags.get(OURS) === 'true')
      .map(({ name, tags }) => ({ name, attendee: tags.get('wslab:attendee') ?? '' }))
  }

  return {
    list,
    async exists(bucket) {
      const { Buckets = [] } = await s3.send(new ListBucketsCommand({}))
      return Buckets.some(({ Name }) => Name === bucket)
    },
    async nameFor(attendee) {
      const theirs = (await list()).find(one => one.attendee === attendee)
      return theirs?.name ?? newBucketName(accountId, region, attendee)
    },
    async make(bucket, attendee) {
      if (await isThere(bucket)) return
      const LocationConstraint = region as BucketLocationConstraint
      await s3.send(
        new CreateBucketCommand({
          Bucket: bucket,
          // us-east-1 is where buckets are when nothing is said, and may not be said.
          ...(region !== 'us-east-1' && { CreateBucketConfiguration: { LocationConstraint } }),
        }),
      )
      // Tagged first: from then on it is found again.
      const TagSet = Object.entries(tagsOf(attendee, Date.now())).map(([Key, Value]) => ({ Key, Value }))
      await s3.send(new PutBucketTaggingCommand({ ...of(bucket), Tagging: { TagSet } }))
      await s3.send(
        new PutPublicAccessBlockCommand({
          ...of(bucket),
          PublicAccessBlockConfiguration: {
            BlockPublicAcls: true,
            IgnorePublicAcls: true,
            BlockPublicPolicy: true,
            RestrictPublicBuckets: true,
          },
        }),
      )
      await s3.send(
        new PutBucketEncryptionCommand({
          ...of(bucket),
          ServerSideEncryptionConfiguration: {
            Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }],
          },
        }),
      )
      await s3.send(
        new PutBucketLifecycleConfigurationCommand({
          ...of(bucket),
          LifecycleConfiguration: {
            Rules: [
              {
                ID: 'a-day',
                Status: 'Enabled',
                Filter: { Prefix: '' },
                Expiration: { Days: 1 },
                AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 },
              },
            ],
          },
        }),
      )
    },
    async remove(bucket) {
      try {
        for (;;) {
          const { Contents = [] } = await s3.send(new ListObjectsV2Command(of(bucket)))
          const Objects = Contents.map(({ Key }) => ({ Key: Key! }))
          if (Objects.length === 0) break
          await s3.send(new DeleteObjectsCommand({ ...of(bucket), Delete: { Objects, Quiet: true } }))
        }
        await s3.send(new DeleteBucketCommand(of(bucket)))
        return true
      } catch (error) {
        if (error instanceof Error && error.name === 'NoSuchBucket') return false
        throw error
      }
    },
  }

  async function isThere(bucket: string): Promise<boolean> {
    return (await list()).some(({ name }) => name === bucket)
  }

  async function tagsOn(bucket: string): Promise<ReadonlyMap<string, string>> {
    try {
      const { TagSet = [] } = await s3.send(new GetBucketTaggingCommand(of(bucket)))
      return new Map(TagSet.map(({ Key = '', Value = '' }) => [Key, Value]))
    } catch (error) {
      // Somebody else's, or gone meanwhile, or without tags: in any case not ours.
      if (error instanceof Error && /^(NoSuchTagSet|NoSuchBucket|AccessDenied)$/.test(error.name)) {
        return new Map()
      }
      throw error
    }
  }
}
