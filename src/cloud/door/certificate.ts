import { createSecureContext, type SecureContext, type TlsOptions } from 'node:tls'
import { generate } from 'selfsigned'
import type { Account } from '../account.ts'

/** A key and what vouches for it. */
export interface Certificate {
  /** PEM. */
  readonly key: string
  /** PEM. */
  readonly cert: string
  /** Finds another one for TLS clients that ask for another name. */
  readonly SNICallback?: NonNullable<TlsOptions['SNICallback']>
}

/**
 * The door's own certificate. It vouches for itself: a client that should trust the door is given `cert` as its authority. For further names
 * that clients ask for, it vouches for certificates of their own.
 */
export interface DoorCertificate extends Certificate {
  /** Sets the door's further names: custom domains. Names that were set before are forgotten. */
  alsoFor(hosts: readonly string[]): void
  /** Makes a certificate for others who answer at names of AWS's: clients that trust the door trust it too. */
  issue(hosts: readonly string[]): Promise<Certificate>
}

/** Makes a certificate for every AWS host that a handler may call. Elliptic-curve keys: 20 ms, where RSA takes 200. */
export async function makeCertificate({ region, urlSuffix }: Account): Promise<DoorCertificate> {
  const own = await makePair('local cloud', [
    'localhost',
    `*.${urlSuffix}`,
    `*.${region}.${urlSuffix}`,
    `*.execute-api.${region}.${urlSuffix}`,
    `*.s3.${region}.${urlSuffix}`,
  ])
  /** Each made when it is asked for first. */
  let further = new Map<string, Promise<SecureContext> | undefined>()

  return {
    ...own,
    SNICallback(asked, done) {
      const name = asked.toLowerCase()
      if (!further.has(name)) return done(null)
      const context = further.get(name) ?? makePair('custom domain', [name], own).then(createSecureContext)
      further.set(name, context)
      context.then(made => done(null, made), done)
    },
    issue: hosts => makePair('cache', hosts, own),
    alsoFor(hosts) {
      further = new Map(hosts.map(host => [host, further.get(host)]))
    },
  }
}

async function makePair(commonName: string, names: readonly string[], authority?: Certificate) {
  const { private: key, cert } = await generate([{ name: 'commonName', value: commonName }], {
    keyType: 'ec',
    algorithm: 'sha256',
    ...(authority && { ca: authority }),
    extensions: [
      { name: 'basicConstraints', cA: !authority },
      {
        name: 'subjectAltName',
        altNames: [
          ...names.map(value => ({ type: 2 as const, value })),
          ...(authority ? [] : [{ type: 7 as const, ip: '127.0.0.1' }]),
        ],
      },
    ],
  })
  return { key, cert }
}
