// What CloudFormation's handlers for S3 ask: a table.
import { asking, type Rights, type Subject } from '../cloudformation/rights.ts'

/** AWS::S3::Bucket. A setting that the template has is put, and one that it has no longer is deleted, which IAM calls putting too. */
export const bucketRights: Rights = {
  service: 'S3',
  on: of => bucketArn(of, of.physicalId ?? of.properties.BucketName ?? of.inventName(63).toLowerCase()),
  create: 's3: CreateBucket',
  update: '',
  delete: 's3: DeleteBucket',
  tag: 's3: PutBucketTagging',
  untag: 's3: PutBucketTagging',
  also(of, verb) {
    if (verb === 'delete') return []
    return Object.entries(SETTINGS).flatMap(([property, action]) =>
      of.properties[property] !== undefined || of.before?.[property] !== undefined
        ? asking(`s3: ${action}`, bucketRights.on(of))
        : [],
    )
  },
}

const SETTINGS: Readonly<Record<string, string>> = {
  BucketEncryption: 'PutEncryptionConfiguration',
  CorsConfiguration: 'PutBucketCORS',
  LifecycleConfiguration: 'PutLifecycleConfiguration',
  NotificationConfiguration: 'PutBucketNotification',
  OwnershipControls: 'PutBucketOwnershipControls',
  PublicAccessBlockConfiguration: 'PutBucketPublicAccessBlock',
  VersioningConfiguration: 'PutBucketVersioning',
  WebsiteConfiguration: 'PutBucketWebsite',
}

/** AWS::S3::BucketPolicy. */
export const bucketPolicyRights: Rights = {
  service: 'S3',
  on: of => bucketArn(of, of.properties.Bucket),
  create: 's3: GetBucketPolicy PutBucketPolicy',
  read: 's3: GetBucketPolicy',
  update: 's3: PutBucketPolicy',
  delete: 's3: GetBucketPolicy DeleteBucketPolicy',
}

const bucketArn = ({ account }: Subject, name: string) => `arn:${account.partition}:s3:::${name}`
