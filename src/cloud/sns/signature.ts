import { createHash, createSign } from 'node:crypto'
import { generate } from 'selfsigned'
import type { Account } from '../account.ts'
import type { Certificate } from '../door/certificate.ts'

/** What a signature says of itself. */
export interface Signature {
  readonly signature: string
  /** `https://sns.us-east-1.amazonaws.com/SimpleNotificationService-<32 hexadecimal digits>.pem`. */
  readonly certificateUrl: string
}

/** Signs what SNS sends. */
export interface Signer {
  /** Version 1 is SHA1 with RSA, 2 is SHA256. */
  sign(canonical: string, version: '1' | '2'): Promise<Signature>
  /** The certificate's PEM, for who asks at its address. */
  certificateAt(path: string): string | undefined
}

/**
 * A signer with an RSA key and a certificate of its own: given ones, or made when the first message is signed, which
 * takes 200 ms once.
 */
export function startSigner({ region, urlSuffix }: Account, given?: Certificate): Signer {
  let made: Promise<Certificate> | undefined
  let path: string | undefined
  let pem: string | undefined

  return {
    async sign(canonical, version) {
      made ??= given ? Promise.resolve(given) : makeCertificate(region, urlSuffix)
      const { key, cert } = await made
      pem = cert
      path ??= `/SimpleNotificationService-${createHash('md5').update(cert).digest('hex')}.pem`
      const sign = createSign(version === '1' ? 'RSA-SHA1' : 'RSA-SHA256').update(canonical)
      return {
        signature: sign.sign(key, 'base64'),
        certificateUrl: `https://sns.${region}.${urlSuffix}${path}`,
      }
    },
    certificateAt: asked => (asked === path ? pem : undefined),
  }
}

async function makeCertificate(region: string, urlSuffix: string): Promise<Certificate> {
  const name = `sns.${region}.${urlSuffix}`
  const { private: key, cert } = await generate([{ name: 'commonName', value: name }], {
    keyType: 'rsa',
    keySize: 2048,
    algorithm: 'sha256',
  })
  return { key, cert }
}

/** The text that is signed: `name\nvalue\n`, in alphabetical order of the names; what is not there is left out. */
export const canonicalText = (fields: Readonly<Record<string, string | undefined>>): string =>
  Object.entries(fields)
    .filter(([, value]) => value !== undefined)
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, value]) => `${name}\n${value}\n`)
    .join('')
