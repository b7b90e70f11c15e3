import type { Standing } from '../standing.ts'

/**
 * A stage at the address that AWS gives it. In the local cloud that name leads nowhere: there it is the door, over TLS,
 * with the name in the Host header.
 */
export function awsAddress(
  up: Standing,
  apiId: string,
  stage: string,
): { readonly url: string; readonly headers: Readonly<Record<string, string>> } {
  const host = `${apiId}.execute-api.${up.region}.amazonaws.com`
  const { endpoint } = up.configuration
  if (!endpoint) return { url: `wss://${host}/${stage}`, headers: {} }
  return { url: `${endpoint.replace(/^https?/, 'wss')}/${stage}`, headers: { Host: host } }
}

/** The keys by which a row itself reaches the account. */
export async function credentialsOf({ configuration }: Standing): Promise<{ readonly accessKeyId: string }> {
  const { credentials } = configuration
  return typeof credentials === 'function' ? credentials() : credentials
}
