import { createHash, createHmac } from 'node:crypto'
import { SignatureV4 } from '@smithy/signature-v4'
import type { Deployment } from '#kit'

/** Node's SHA-256 in the shape that AWS's signer wants. */
class Sha256 {
  readonly #hash
  constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
    this.#hash =
      secret === undefined
        ? createHash('sha256')
        : createHmac('sha256', typeof secret === 'string' ? secret : Buffer.from(secret as ArrayBuffer))
  }
  update(data: string | ArrayBuffer | ArrayBufferView): void {
    this.#hash.update(typeof data === 'string' ? data : Buffer.from(data as ArrayBuffer))
  }
  async digest(): Promise<Uint8Array> {
    return this.#hash.digest()
  }
}

/** Signs a GET to a URL for execute-api, with AWS's own signer: as headers, or into the query string. */
export async function signedGet(
  url: string,
  { region, credentials }: Deployment['aws'],
  how: 'headers' | 'query',
): Promise<{ readonly url: string; readonly headers: Record<string, string> }> {
  const { protocol, host, pathname, searchParams } = new URL(url)
  const signer = new SignatureV4({ credentials, region, service: 'execute-api', sha256: Sha256 })
  const request = {
    method: 'GET',
    protocol,
    hostname: host,
    path: pathname,
    query: Object.fromEntries(searchParams),
    headers: { host },
  }
  if (how === 'headers') {
    const { headers } = await signer.sign(request)
    return { url, headers }
  }
  const { query } = await signer.presign(request, { expiresIn: 300 })
  const signed = new URL(url)
  for (const [name, value] of Object.entries(query ?? {})) signed.searchParams.set(name, String(value))
  return { url: signed.href, headers: {} }
}
