import type { JsonWebKey } from 'node:crypto'
import { CognitoIdentityProviderClient } from '@aws-sdk/client-cognito-identity-provider'
import type { Scene } from '#kit'

/** The public keys of a user pool, by the issuer that its tokens name: anybody may have them. */
export async function poolKeys(scene: Scene, issuer: string): Promise<(JsonWebKey & { kid: string })[]> {
  const { origin, pathname } = new URL(issuer)
  // Where the account is not AWS, its endpoint has the keys.
  const endpoint = await scene.aws(CognitoIdentityProviderClient).config.endpoint?.()
  const address = endpoint ? `${endpoint.protocol}//${endpoint.hostname}:${endpoint.port}` : origin
  const answer = await fetch(`${address}${pathname}/.well-known/jwks.json`)
  if (!answer.ok) throw new Error(`The pool's keys could not be read: ${answer.status}`)
  return ((await answer.json()) as { keys: (JsonWebKey & { kid: string })[] }).keys
}
