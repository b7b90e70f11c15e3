import { isDeepStrictEqual } from 'node:util'
import type { Properties } from '../cloudformation/properties.ts'
import type { Physical, ResourceType } from '../cloudformation/resource.ts'
import { AwsError } from '../error.ts'
import { customResourceRights } from '../lambda/rights.ts'
import type { Bucket } from './bucket.ts'
import { lifecycleIn } from './lifecycle-properties.ts'
import { notificationsIn } from './notifications/resource.ts'
import { dropPolicy, setPolicy } from './policy-operations.ts'
import { BLOCKS, publicAccessBlock } from './public-access.ts'
import { bucketPolicyRights, bucketRights } from './rights.ts'
import type { Store } from './store.ts'
import { encryptionBy, giveUsualSettings, ownedBy } from './usual-settings.ts'
import { corsIn, websiteIn } from './web-properties.ts'

/** AWS::S3::Bucket. */
export const bucketResource = (store: Store): ResourceType => ({
  type: 'AWS::S3::Bucket',
  lacks: ['MetadataConfiguration', 'MetadataTableConfiguration'],
  nameProperty: 'BucketName',
  rights: bucketRights,
  properties: {
    AccessControl: 'harmless',
    BucketEncryption: 'update',
    BucketName: 'replace',
    CorsConfiguration: 'update',
    LifecycleConfiguration: 'update',
    NotificationConfiguration: 'update',
    OwnershipControls: 'update',
    PublicAccessBlockConfiguration: 'update',
    Tags: 'update',
    VersioningConfiguration: 'update',
    WebsiteConfiguration: 'update',
  },
  attributes: ['Arn', 'DomainName', 'DualStackDomainName', 'RegionalDomainName', 'WebsiteURL'],
  refuse: ({ AccessControl }) =>
    typeof AccessControl === 'string' && AccessControl !== 'Private'
      ? [`AccessControl ${AccessControl}: access control lists are not here`]
      : [],
  create({ properties, inventName }) {
    const name: string = properties.BucketName ?? inventName(63).toLowerCase()
    if (store.find(name)) throw new AwsError('AlreadyExists', `${name} already exists`)
    const bucket = store.create(name)
    configure(store, bucket, properties)
    return physical(store, bucket)
  },
  update({ properties }, { physicalId, properties: existing }) {
    const bucket = store.bucket(physicalId)
    configure(store, bucket, properties, existing)
    return physical(store, bucket)
  },
  delete({ physicalId }) {
    const bucket = store.find(physicalId)
    // Somebody may have deleted it by hand: then there is nothing left to do.
    if (bucket) store.remove(bucket)
  },
})

/** AWS::S3::BucketPolicy. */
export const bucketPolicyResource = (store: Store): ResourceType => {
  const put = ({ Bucket, PolicyDocument }: Properties) =>
    setPolicy(
      store.bucket(Bucket),
      typeof PolicyDocument === 'string' ? PolicyDocument : JSON.stringify(PolicyDocument),
    )
  return {
    type: 'AWS::S3::BucketPolicy',
    attributes: [],
    rights: bucketPolicyRights,
    properties: { Bucket: 'replace', PolicyDocument: 'update' },
    create({ properties }) {
      put(properties)
      return { physicalId: properties.Bucket, attributes: {} }
    },
    update({ properties }, existing) {
      put(properties)
      return existing
    },
    delete({ physicalId }) {
      // A bucket may have gone before its policy.
      const bucket = store.find(physicalId)
      if (bucket) dropPolicy(bucket)
    },
  }
}

/** What `autoDeleteObjects` makes: a function of CDK's empties the bucket before it goes. The function is not needed here. */
export const emptyingResource = (store: Store): ResourceType => ({
  type: 'Custom::S3AutoDeleteObjects',
  rights: customResourceRights,
  properties: { ServiceToken: 'harmless', BucketName: 'replace' },
  create: ({ properties }) => ({ physicalId: `empties-${properties.BucketName}`, attributes: {} }),
  delete({ properties }) {
    const bucket = store.find(properties.BucketName)
    // CDK's function looks at this tag, so that a bucket that is to stay keeps what it has.
    if (bucket?.tags.get('aws-cdk:auto-delete-objects') !== 'true') return
    for (const { key, versionId } of [...bucket.objects.values()].flat()) store.delete(bucket, key, versionId)
  },
})

function configure(store: Store, bucket: Bucket, properties: Properties, before: Properties = {}): void {
  const { BucketEncryption, LifecycleConfiguration, OwnershipControls, Tags = [] } = properties
  const { PublicAccessBlockConfiguration, VersioningConfiguration } = properties
  giveUsualSettings(bucket)
  bucket.settings.delete('encryption')
  bucket.settings.delete('lifecycle')
  const [rule] = BucketEncryption?.ServerSideEncryptionConfiguration ?? []
  const by = rule?.ServerSideEncryptionByDefault
  if (by) {
    const document = encryptionBy(
      by.SSEAlgorithm,
      by.KMSMasterKeyID,
      String(rule.BucketKeyEnabled) === 'true',
    )
    bucket.settings.set('encryption', document)
  }
  const lifecycle = LifecycleConfiguration && lifecycleIn(LifecycleConfiguration)
  if (lifecycle) bucket.settings.set('lifecycle', lifecycle)
  const [ownership] = OwnershipControls?.Rules ?? []
  if (ownership) bucket.settings.set('ownershipControls', ownedBy(ownership.ObjectOwnership))
  if (PublicAccessBlockConfiguration) {
    const wanted = Object.fromEntries(
      BLOCKS.map(name => [name, PublicAccessBlockConfiguration[name] ?? false]),
    )
    bucket.settings.set('publicAccessBlock', publicAccessBlock(wanted))
  }
  const versioning = VersioningConfiguration?.Status
  if (versioning !== undefined) bucket.versioning = versioning
  // Versioning that has been on can only be suspended.
  else if (bucket.versioning === 'Enabled') bucket.versioning = 'Suspended'
  for (const [name, document] of [
    ['cors', corsIn(properties.CorsConfiguration)],
    ['website', websiteIn(properties.WebsiteConfiguration)],
  ] as const) {
    if (document) bucket.settings.set(name, document)
    else bucket.settings.delete(name)
  }
  // What was put by the API stays unless the template has, or had, something to say about it.
  const { NotificationConfiguration } = properties
  if (!isDeepStrictEqual(NotificationConfiguration, before.NotificationConfiguration)) {
    store.notifier.configure(bucket, notificationsIn(NotificationConfiguration))
  }
  bucket.tags.clear()
  for (const { Key, Value } of Tags) bucket.tags.set(Key, Value)
}

function physical({ account: { region, urlSuffix } }: Store, { name, arn }: Bucket): Physical {
  return {
    physicalId: name,
    attributes: {
      Arn: arn,
      DomainName: `${name}.s3.${urlSuffix}`,
      DualStackDomainName: `${name}.s3.dualstack.${region}.${urlSuffix}`,
      RegionalDomainName: `${name}.s3.${region}.${urlSuffix}`,
      WebsiteURL: `http://${name}.s3-website-${region}.${urlSuffix}`,
    },
  }
}
