import { generate } from 'selfsigned'
import type { Account } from '../account.ts'

/** The door's own certificate. It vouches for itself: whoever is to trust the door is given `cert` as its authority. */
export interface Certificate {
  /** PEM. */
  readonly key: string
  /** PEM. */
  readonly cert: string
}

/** Makes a certificate for every AWS host that a handler may call. Elliptic-curve keys: 20 ms, where RSA takes 200. */
export async function makeCertificate({ region, urlSuffix }: Account): Promise<Certificate> {
  const names = [
    'localhost',
    `*.${urlSuffix}`,
    `*.${region}.${urlSuffix}`,
    `*.execute-api.${region}.${urlSuffix}`,
    `*.s3.${region}.${urlSuffix}`,
  ]
  const { private: key, cert } = await generate([{ name: 'commonName', value: 'local cloud' }], {
    keyType: 'ec',
    algorithm: 'sha256',
    extensions: [
      { name: 'basicConstraints', cA: true },
      {
        name: 'subjectAltName',
        altNames: [
          ...names.map(value => ({ type: 2 as const, value })),
          { type: 7 as const, ip: '127.0.0.1' },
        ],
      },
    ],
  })
  return { key, cert }
}
