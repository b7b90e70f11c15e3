import { createSign, generateKeyPairSync } from 'node:crypto'

type Claims = Readonly<Record<string, unknown>>

/** The claims of a token. */
export const claimsOf = (token: string): Record<string, any> => read(token.split('.')[1])

/** A token in which other claims were written, under the signature that it had before. */
export function rewritten(token: string, changes: Claims): string {
  const [header, , signature] = token.split('.')
  return [header, part({ ...claimsOf(token), ...changes }), signature].join('.')
}

/** A token that says of itself that it is not signed: `alg: none`, and nothing where the signature would be. */
export const unsigned = (token: string, changes: Claims): string =>
  `${part({ ...headerOf(token), alg: 'none' })}.${part({ ...claimsOf(token), ...changes })}.`

/** A token that is well signed, but by a key that is not the pool's, and bears the name of one that is. */
export const signedByAStranger = (token: string, changes: Claims): string => signed(token, changes, {})

/** The same with the stranger's public key inside, for code that believes a token about its own key. */
export const withItsOwnKey = (token: string, changes: Claims): string =>
  signed(token, changes, { kid: 'mine', jwk: stranger().publicKey.export({ format: 'jwk' }) })

/** What is no token at all. */
export const NO_TOKENS: readonly string[] = ['hello', 'a.b.c', '..', `${part(null)}.${part(null)}.`]

function signed(token: string, changes: Claims, header: Claims): string {
  const text = `${part({ ...headerOf(token), ...header })}.${part({ ...claimsOf(token), ...changes })}`
  return `${text}.${createSign('RSA-SHA256').update(text).sign(stranger().privateKey, 'base64url')}`
}

let pair: ReturnType<typeof makePair> | undefined
const makePair = () => generateKeyPairSync('rsa', { modulusLength: 2048 })
/** A key pair of ours. One is enough, and it takes a while to make. */
function stranger() {
  pair ??= makePair()
  return pair
}

const headerOf = (token: string): Record<string, any> => read(token.split('.')[0])
const read = (text = ''): Record<string, any> => JSON.parse(Buffer.from(text, 'base64url').toString())

function part(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}
