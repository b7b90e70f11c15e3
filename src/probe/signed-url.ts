import { Sha256 } from '@aws-crypto/sha256-js'
import { SignatureV4 } from '@smithy/signature-v4'
import type { Signature } from './people.ts'

/** How long a handshake may be on its way, in seconds: somebody who reads the address in a log comes too late. */
const EXPIRES_IN = 60

/** A WebSocket address with a handshake's signature in its query, as a client without headers would sign it (facts: F17). */
export async function signedUrl(url: URL, { credentials, region }: Signature): Promise<URL> {
  const signer = new SignatureV4({ credentials, region, service: 'execute-api', sha256: Sha256 })
  const { query = {} } = await signer.presign(
    {
      method: 'GET',
      protocol: url.protocol,
      hostname: url.host,
      path: url.pathname,
      query: Object.fromEntries(url.searchParams),
      headers: { host: url.host },
    },
    { expiresIn: EXPIRES_IN },
  )
  const signed = new URL(url)
  for (const [name, value] of Object.entries(query)) signed.searchParams.set(name, String(value))
  return signed
}
