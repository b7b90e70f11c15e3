import { textIn, type XmlElement } from '../door/protocols/xml.ts'
import type { Bucket } from './bucket.ts'
import { publicAccessBlock } from './public-access.ts'

export const leaf = (name: string, text: string): XmlElement => ({ name, text, children: [] })
export const branch = (name: string, ...children: readonly XmlElement[]): XmlElement => ({
  name,
  text: '',
  children,
})

/** `ServerSideEncryptionConfiguration`, as every bucket has it from the start. */
export const encryptionBy = (algorithm: string, keyId?: string, bucketKey = false): XmlElement =>
  branch(
    'ServerSideEncryptionConfiguration',
    branch(
      'Rule',
      branch(
        'ApplyServerSideEncryptionByDefault',
        leaf('SSEAlgorithm', algorithm),
        ...(keyId === undefined ? [] : [leaf('KMSMasterKeyID', keyId)]),
      ),
      leaf('BucketKeyEnabled', String(bucketKey)),
    ),
  )

/** `OwnershipControls`. */
export const ownedBy = (ownership: string): XmlElement =>
  branch('OwnershipControls', branch('Rule', leaf('ObjectOwnership', ownership)))

/** What a new bucket has, since January and April 2023. */
export function giveUsualSettings({ settings }: Bucket): void {
  const all = {
    BlockPublicAcls: true,
    IgnorePublicAcls: true,
    BlockPublicPolicy: true,
    RestrictPublicBuckets: true,
  }
  settings.set('publicAccessBlock', publicAccessBlock(all))
  settings.set('ownershipControls', ownedBy('BucketOwnerEnforced'))
}

/** How an object is encrypted that asks for nothing; the headers say so, the bytes are as they came. */
export function usualEncryption({ settings }: Bucket): Record<string, string> {
  const rule = settings.get('encryption')?.children[0]
  const by = rule?.children.find(({ name }) => name === 'ApplyServerSideEncryptionByDefault')
  const keyId = textIn(by, 'KMSMasterKeyID')
  return {
    'x-amz-server-side-encryption': textIn(by, 'SSEAlgorithm') ?? 'AES256',
    ...(keyId ? { 'x-amz-server-side-encryption-aws-kms-key-id': keyId } : {}),
  }
}
