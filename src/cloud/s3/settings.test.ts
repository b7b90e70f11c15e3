import {
  CreateBucketCommand,
  DeleteBucketPolicyCommand,
  DeleteObjectsCommand,
  DeletePublicAccessBlockCommand,
  GetBucketEncryptionCommand,
  GetBucketLifecycleConfigurationCommand,
  GetBucketPolicyCommand,
  GetBucketPolicyStatusCommand,
  GetBucketTaggingCommand,
  GetBucketVersioningCommand,
  GetObjectCommand,
  GetPublicAccessBlockCommand,
  ListObjectsV2Command,
  PutBucketEncryptionCommand,
  PutBucketLifecycleConfigurationCommand,
  PutBucketPolicyCommand,
  PutBucketTaggingCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  PutPublicAccessBlockCommand,
  type S3Client,
} from '@aws-sdk/client-s3'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { PolicyDocument } from '../iam/policy.ts'
import { startTrial, type Trial } from './test-server.ts'

let trial: Trial
let client: S3Client
beforeAll(async () => {
  trial = await startTrial()
  client = trial.client
})
afterAll(() => trial.stop())

let made = 0
async function bucket(): Promise<string> {
  const Bucket = `room-${made++}`
  await client.send(new CreateBucketCommand({ Bucket }))
  return Bucket
}
const keysIn = async (Bucket: string) =>
  ((await client.send(new ListObjectsV2Command({ Bucket }))).Contents ?? []).map(({ Key }) => Key)
const allow = (Action: string | string[], Resource: string | string[]): PolicyDocument => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action, Resource }],
})
const DAY = 24 * 60 * 60 * 1000

test('settings are kept as they were sent, and read again', async () => {
  const Bucket = await bucket()
  const { ServerSideEncryptionConfiguration } = await client.send(new GetBucketEncryptionCommand({ Bucket }))
  expect(ServerSideEncryptionConfiguration?.Rules).toEqual([
    { ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' }, BucketKeyEnabled: false },
  ])
  const Rules = [
    {
      ApplyServerSideEncryptionByDefault: {
        SSEAlgorithm: 'aws:kms' as const,
        KMSMasterKeyID: 'alias/aws/s3',
      },
    },
  ]
  await client.send(new PutBucketEncryptionCommand({ Bucket, ServerSideEncryptionConfiguration: { Rules } }))
  expect(
    (await client.send(new GetBucketEncryptionCommand({ Bucket }))).ServerSideEncryptionConfiguration,
  ).toEqual({ Rules })
  expect(
    (await client.send(new GetPublicAccessBlockCommand({ Bucket }))).PublicAccessBlockConfiguration,
  ).toEqual({
    BlockPublicAcls: true,
    IgnorePublicAcls: true,
    BlockPublicPolicy: true,
    RestrictPublicBuckets: true,
  })
  await client.send(new DeletePublicAccessBlockCommand({ Bucket }))
  await expect(client.send(new GetPublicAccessBlockCommand({ Bucket }))).rejects.toMatchObject({
    name: 'NoSuchPublicAccessBlockConfiguration',
  })
  await expect(client.send(new GetBucketTaggingCommand({ Bucket }))).rejects.toMatchObject({
    name: 'NoSuchTagSet',
  })
  const TagSet = [{ Key: 'wslab', Value: 'a & b' }]
  await client.send(new PutBucketTaggingCommand({ Bucket, Tagging: { TagSet } }))
  expect((await client.send(new GetBucketTaggingCommand({ Bucket }))).TagSet).toEqual(TagSet)
  expect((await client.send(new GetBucketVersioningCommand({ Bucket }))).Status).toBeUndefined()
  await expect(client.send(new GetBucketLifecycleConfigurationCommand({ Bucket }))).rejects.toMatchObject({
    name: 'NoSuchLifecycleConfiguration',
  })
})

test('a lifecycle rule lets objects expire at the midnight after their days are over, by the movable clock', async () => {
  const Bucket = await bucket()
  const rule = {
    ID: 'one-day',
    Status: 'Enabled' as const,
    Filter: { Prefix: 'assets/' },
    Expiration: { Days: 1 },
  }
  await client.send(
    new PutBucketLifecycleConfigurationCommand({ Bucket, LifecycleConfiguration: { Rules: [rule] } }),
  )
  expect((await client.send(new GetBucketLifecycleConfigurationCommand({ Bucket }))).Rules).toEqual([rule])
  for (const Key of ['assets/a', 'kept']) await client.send(new PutObjectCommand({ Bucket, Key, Body: 'x' }))
  trial.clock.advance(DAY - 1)
  expect(await keysIn(Bucket)).toEqual(['assets/a', 'kept'])
  trial.clock.advance(DAY + 1)
  expect(await keysIn(Bucket)).toEqual(['kept'])

  const noncurrent = { Status: 'Enabled' as const, Filter: { Prefix: '' } }
  const Rules = [{ ...noncurrent, NoncurrentVersionExpiration: { NoncurrentDays: 3 } }]
  await client.send(
    new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: 'Enabled' } }),
  )
  await client.send(new PutBucketLifecycleConfigurationCommand({ Bucket, LifecycleConfiguration: { Rules } }))
  await client.send(new PutObjectCommand({ Bucket, Key: 'kept', Body: 'newer' }))
  const old = () => client.send(new GetObjectCommand({ Bucket, Key: 'kept', VersionId: 'null' }))
  await old()
  trial.clock.advance(4 * DAY)
  await expect(old()).rejects.toMatchObject({ name: 'NoSuchVersion' })
  expect(await keysIn(Bucket)).toEqual(['kept'])
})

test('IAM is asked for every object, and S3 says no in its own way', async () => {
  const Bucket = await bucket()
  const arn = `arn:aws:s3:::${Bucket}`
  for (const Key of ['open', 'shut']) await client.send(new PutObjectCommand({ Bucket, Key, Body: Key }))
  const { client: reader } = trial.somebody(allow('s3:*', `${arn}/open`))
  const get = (Key: string) => reader.send(new GetObjectCommand({ Bucket, Key }))
  await get('open')
  const who =
    /User: arn:aws:sts::123456789012:assumed-role\/somebody-\d+\/session is not authorized to perform: /
  await expect(get('shut')).rejects.toMatchObject({
    name: 'AccessDenied',
    message: expect.stringMatching(
      new RegExp(
        `^${who.source}s3:GetObject on resource: "${arn}/shut" because no identity-based policy allows the s3:GetObject action$`,
      ),
    ),
    $metadata: { httpStatusCode: 403 },
  })
  // Whether an object is there is told only to those who may list the bucket.
  await reader.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects: [{ Key: 'open' }] } }))
  await expect(get('open')).rejects.toMatchObject({
    name: 'AccessDenied',
    message: expect.stringContaining(`s3:ListBucket on resource: "${arn}"`),
  })
  const { Deleted, Errors } = await reader.send(
    new DeleteObjectsCommand({ Bucket, Delete: { Objects: [{ Key: 'open' }, { Key: 'shut' }] } }),
  )
  expect([Deleted, Errors]).toMatchObject([[{ Key: 'open' }], [{ Key: 'shut', Code: 'AccessDenied' }]])
  const listing = trial.somebody({
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Action: 's3:ListBucket',
        Resource: arn,
        Condition: { StringLike: { 's3:prefix': 'mine/*' } },
      },
    ],
  })
  await listing.client.send(new ListObjectsV2Command({ Bucket, Prefix: 'mine/' }))
  await expect(listing.client.send(new ListObjectsV2Command({ Bucket }))).rejects.toMatchObject({
    name: 'AccessDenied',
  })
})

test("a bucket's own policy lets in, and keeps out", async () => {
  const Bucket = await bucket()
  const arn = `arn:aws:s3:::${Bucket}`
  await client.send(new PutObjectCommand({ Bucket, Key: 'page.html', Body: '<p>', ContentType: 'text/html' }))
  const nobody = trial.somebody()
  const get = (who: S3Client) => who.send(new GetObjectCommand({ Bucket, Key: 'page.html' }))
  await expect(get(nobody.client)).rejects.toMatchObject({ name: 'AccessDenied' })
  const put = (Statement: unknown) =>
    client.send(
      new PutBucketPolicyCommand({ Bucket, Policy: JSON.stringify({ Version: '2012-10-17', Statement }) }),
    )
  const statement = { Effect: 'Allow', Action: 's3:GetObject', Resource: `${arn}/*` }
  await put({ ...statement, Principal: { AWS: nobody.roleArn } })
  await get(nobody.client)
  await put([
    { ...statement, Principal: { AWS: nobody.roleArn } },
    { ...statement, Effect: 'Deny', Principal: '*' },
  ])
  await expect(get(client)).rejects.toMatchObject({
    message: expect.stringMatching(/with an explicit deny in a resource-based policy$/),
  })
  await client.send(new DeleteBucketPolicyCommand({ Bucket }))
  await expect(client.send(new GetBucketPolicyCommand({ Bucket }))).rejects.toMatchObject({
    name: 'NoSuchBucketPolicy',
  })

  // To the public it is given only when that is not blocked.
  const open = { ...statement, Principal: '*' }
  await expect(put(open)).rejects.toMatchObject({
    name: 'AccessDenied',
    message: expect.stringContaining('BlockPublicPolicy'),
  })
  await client.send(
    new PutPublicAccessBlockCommand({ Bucket, PublicAccessBlockConfiguration: { BlockPublicPolicy: false } }),
  )
  await put(open)
  expect((await client.send(new GetBucketPolicyStatusCommand({ Bucket }))).PolicyStatus?.IsPublic).toBe(true)
  await get(nobody.client)
  await expect(put({ ...open, Resource: 'arn:aws:s3:::other/*' })).rejects.toMatchObject({
    name: 'MalformedPolicy',
    message: 'Policy has invalid resource',
  })
})
