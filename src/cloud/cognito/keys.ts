import { createSign, createVerify, generateKeyPair, type KeyObject, randomBytes } from 'node:crypto'
import { promisify } from 'node:util'

/** One of a pool's keys. */
export interface SigningKey {
  readonly kid: string
  readonly privateKey: KeyObject
  readonly publicKey: KeyObject
}

/** A pool's two keys: Cognito signs id tokens with one and access tokens with the other. */
export interface Keys {
  readonly id: SigningKey
  readonly access: SigningKey
}

const makePair = promisify(generateKeyPair)

/** Makes the keys of a pool, off this thread: 2048-bit RSA takes 100 to 800 ms. */
export async function makeKeys(): Promise<Keys> {
  const [id, access] = await Promise.all([makeKey(), makeKey()])
  return { id, access }
}

async function makeKey(): Promise<SigningKey> {
  return {
    kid: randomBytes(32).toString('base64'),
    ...(await makePair('rsa', { modulusLength: 2048, publicExponent: 0x10001 })),
  }
}

/** A key as a JSON Web Key Set has it. */
export function publicJwk({ kid, publicKey }: SigningKey) {
  const { e, n } = publicKey.export({ format: 'jwk' })
  return { alg: 'RS256', e, kid, kty: 'RSA', n, use: 'sig' }
}

/** A JSON Web Token, signed with RS256. */
export function signJwt(claims: Readonly<Record<string, unknown>>, { kid, privateKey }: SigningKey): string {
  const text = `${part({ kid, alg: 'RS256' })}.${part(claims)}`
  return `${text}.${createSign('RSA-SHA256').update(text).sign(privateKey, 'base64url')}`
}

/** Whether a token was signed with this key. */
export function isSignedWith({ kid, publicKey }: SigningKey, token: string): boolean {
  const [header = '', claims = '', signature = ''] = token.split('.')
  const { kid: named, alg } = readPart(header) ?? {}
  if (named !== kid || alg !== 'RS256') return false
  return createVerify('RSA-SHA256')
    .update(`${header}.${claims}`)
    .verify(publicKey, Buffer.from(signature, 'base64url'))
}

/** What a token claims, no matter who signed it; undefined for a text that is no token. */
export function claimsOf(token: string): Readonly<Record<string, any>> | undefined {
  const parts = token.split('.')
  return parts.length === 3 ? readPart(parts[1]!) : undefined
}

const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')

function readPart(text: string): Readonly<Record<string, any>> | undefined {
  try {
    const value = JSON.parse(Buffer.from(text, 'base64url').toString())
    return typeof value === 'object' && value !== null ? value : undefined
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}
