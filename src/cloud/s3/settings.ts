import { membersOf, readXml, type XmlElement } from '../door/protocols/xml.ts'
import { AwsError } from '../error.ts'
import type { Operation, RestInput } from '../service.ts'
import { ofBucket, onBucket } from './access.ts'
import type { SettingName } from './bucket.ts'
import { checkCors } from './cors.ts'
import { malformedXml } from './errors.ts'
import { checkLifecycle } from './lifecycle.ts'
import { payloadOf } from './payload.ts'
import { publicAccessBlock } from './public-access.ts'
import type { Store } from './store.ts'
import { encryptionBy } from './usual-settings.ts'

/** One setting of a bucket that is a document of its own. */
interface Setting {
  readonly subresource: SettingName
  /** The end of the operations' names: `GetBucketEncryption`. */
  readonly named: string
  readonly root: string
  readonly actions: { readonly get: string; readonly put: string; readonly delete: string }
  /** What a bucket has that was given none. */
  readonly usual?: XmlElement
  /** What is told of a bucket that has none. */
  readonly none: AwsError
  /** Throws for a document that cannot be taken. */
  check?(document: XmlElement): void
}

const notFound = (code: string, message: string) => new AwsError(code, message, 404)

const settings: readonly Setting[] = [
  {
    subresource: 'encryption',
    named: 'Encryption',
    root: 'ServerSideEncryptionConfiguration',
    actions: actions('EncryptionConfiguration'),
    usual: encryptionBy('AES256'),
    none: notFound(
      'ServerSideEncryptionConfigurationNotFoundError',
      'The server side encryption configuration was not found',
    ),
  },
  {
    subresource: 'lifecycle',
    named: 'LifecycleConfiguration',
    root: 'LifecycleConfiguration',
    actions: actions('LifecycleConfiguration'),
    none: notFound('NoSuchLifecycleConfiguration', 'The lifecycle configuration does not exist'),
    check: checkLifecycle,
  },
  {
    subresource: 'cors',
    named: 'Cors',
    root: 'CORSConfiguration',
    actions: actions('BucketCORS'),
    none: notFound('NoSuchCORSConfiguration', 'The CORS configuration does not exist'),
    check: checkCors,
  },
  {
    subresource: 'website',
    named: 'Website',
    root: 'WebsiteConfiguration',
    actions: { ...actions('BucketWebsite'), delete: 's3:DeleteBucketWebsite' },
    none: notFound(
      'NoSuchWebsiteConfiguration',
      'The specified bucket does not have a website configuration',
    ),
  },
  {
    subresource: 'publicAccessBlock',
    named: 'PublicAccessBlock',
    root: 'PublicAccessBlockConfiguration',
    actions: actions('BucketPublicAccessBlock'),
    none: notFound(
      'NoSuchPublicAccessBlockConfiguration',
      'The public access block configuration was not found',
    ),
  },
  {
    subresource: 'ownershipControls',
    named: 'OwnershipControls',
    root: 'OwnershipControls',
    actions: actions('BucketOwnershipControls'),
    none: notFound('OwnershipControlsNotFoundError', 'The bucket ownership controls were not found'),
  },
]

/** To delete a setting is to put it, for IAM. */
function actions(name: string): Setting['actions'] {
  return { get: `s3:Get${name}`, put: `s3:Put${name}`, delete: `s3:Put${name}` }
}

/** Reading, putting and deleting a bucket's settings. */
export const settingOperations = (store: Store): readonly Operation<RestInput>[] =>
  settings.flatMap(({ subresource, named, root, actions, usual, none, check }) => {
    // Of the older PublicAccessBlock and OwnershipControls operations the names are irregular.
    const [get, put, remove] = namesOf(named)
    return [
      onBucket(store, get, `GET /:bucket?${subresource}`, ofBucket(actions.get), ({ bucket }) => {
        const document = bucket.settings.get(subresource) ?? usual
        if (!document) throw none
        return { root, members: membersOf(document) }
      }),
      onBucket(store, put, `PUT /:bucket?${subresource}`, ofBucket(actions.put), ({ bucket }, _, call) => {
        const document = readXml(payloadOf(call.wire).bytes.toString())
        if (document?.name !== root) throw malformedXml()
        check?.(document)
        bucket.settings.set(
          subresource,
          subresource === 'publicAccessBlock'
            ? publicAccessBlock(membersOf(document) as Record<string, unknown>)
            : document,
        )
        return {}
      }),
      onBucket(store, remove, `DELETE /:bucket?${subresource}`, ofBucket(actions.delete), ({ bucket }) => {
        bucket.settings.delete(subresource)
        return { status: 204 }
      }),
    ]
  })

const namesOf = (named: string): readonly [string, string, string] => {
  const isIrregular = named === 'PublicAccessBlock'
  const remove = named === 'LifecycleConfiguration' ? 'DeleteBucketLifecycle' : `DeleteBucket${named}`
  return isIrregular
    ? [`Get${named}`, `Put${named}`, `Delete${named}`]
    : [`GetBucket${named}`, `PutBucket${named}`, remove]
}
