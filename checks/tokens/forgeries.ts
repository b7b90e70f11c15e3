import { createHmac, createPublicKey, type JsonWebKey, randomBytes, randomUUID } from 'node:crypto'
import { claimsOf, headerOf, type Members, part, signatureOf, signedPart } from './jwt.ts'
import type { OwnIssuer } from './own-issuer.ts'

/** A token that its pool has not signed, or what is no token at all. */
export interface Forgery {
  /** What somebody does with it, for a report: `brought a token with alg "none"`. */
  readonly as: string
  readonly token: string
}

/** What a forger has at hand. */
export interface Makings {
  /** A token that is good, and the forger's own. */
  readonly own: string
  /** A token that is good, of somebody else. Its header and claims are no secret; its signature is never used. */
  readonly anothers: string
  /** A name that nobody has signed in with. */
  readonly newcomer: string
  /** The pool's public keys. */
  readonly keys: readonly (JsonWebKey & { readonly kid: string })[]
  readonly issuer: OwnIssuer
}

/** A battery of forged tokens: every usual way to make one, each of which some verifier has believed. */
export function forgeries(makings: Makings): Forgery[] {
  return [
    ...underAnotherSignature(makings),
    ...withoutSignature(makings),
    ...ofAnotherAlgorithm(makings),
    ...keyedByThePublicKey(makings),
    ...withAKeyOfTheirOwn(makings),
    ...noTokens(makings),
  ]
}

/** The claims of somebody whom nobody has seen yet. */
const newcomersClaims = ({ own, newcomer }: Makings): Members => ({
  ...claimsOf(own),
  'cognito:username': newcomer,
  sub: randomUUID(),
})

function underAnotherSignature(makings: Makings): Forgery[] {
  const { own, anothers } = makings
  const { 'cognito:username': name, sub } = claimsOf(anothers)
  const [header, claims] = anothers.split('.')
  const mine = headerOf(own)
  const under = (text: string) => `${text}.${signatureOf(own)}`
  const asAnother = signedPart(mine, { ...claimsOf(own), 'cognito:username': name, sub })
  return [
    { as: "wrote ben's name into ana's token", token: under(asAnother) },
    {
      as: "wrote a new user's name into ana's token",
      token: under(signedPart(mine, newcomersClaims(makings))),
    },
    { as: "brought ben's claims under ana's signature", token: under(`${header}.${claims}`) },
  ]
}

function withoutSignature(makings: Makings): Forgery[] {
  const { own, anothers } = makings
  const [header, claims] = anothers.split('.')
  const { alg: _, ...noAlg } = headerOf(anothers)
  const none = (alg: string) => signedPart({ ...headerOf(anothers), alg }, claimsOf(anothers))
  return [
    ...['none', 'None', 'NONE', 'nOnE'].map(alg => ({
      as: `brought ben's claims with alg "${alg}" and no signature`,
      token: `${none(alg)}.`,
    })),
    {
      as: `brought a new user's claims with alg "none"`,
      token: `${signedPart({ ...headerOf(own), alg: 'none' }, newcomersClaims(makings))}.`,
    },
    { as: `brought alg "none" under ana's signature`, token: `${none('none')}.${signatureOf(own)}` },
    {
      as: "brought ben's claims with no alg and no signature",
      token: `${signedPart(noAlg, claimsOf(anothers))}.`,
    },
    { as: "brought ben's token with an empty signature", token: `${header}.${claims}.` },
    { as: "brought ben's token with its signature cut off", token: `${header}.${claims}` },
  ]
}

function ofAnotherAlgorithm({ anothers }: Makings): Forgery[] {
  return ['RS256', 'RS512', 'PS256', 'ES256'].map(alg => ({
    as: `brought ben's claims with alg ${alg} and garbage for a signature`,
    token: `${signedPart({ ...headerOf(anothers), alg }, claimsOf(anothers))}.${randomBytes(256).toString('base64url')}`,
  }))
}

/** Code that lets the token choose the algorithm takes the public key, which everybody has, for a shared secret. */
function keyedByThePublicKey({ anothers, keys }: Makings): Forgery[] {
  const header = headerOf(anothers)
  const key = keys.find(({ kid }) => kid === header.kid) ?? keys[0]!
  const pem = String(createPublicKey({ key, format: 'jwk' }).export({ type: 'spki', format: 'pem' }))
  const text = signedPart({ ...header, alg: 'HS256' }, claimsOf(anothers))
  const secrets: Readonly<Record<string, string | Buffer>> = {
    "the pool's public key": pem,
    "the pool's public key without its last line break": pem.trim(),
    "the pool's public key as DER": createPublicKey(pem).export({ type: 'spki', format: 'der' }),
    "the modulus of the pool's public key": String(key.n),
    'an empty secret': '',
  }
  return Object.entries(secrets).map(([as, secret]) => ({
    as: `brought ben's claims with alg HS256, keyed by ${as}`,
    token: `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`,
  }))
}

function withAKeyOfTheirOwn(makings: Makings): Forgery[] {
  const { anothers, issuer } = makings
  const { kid, ...header } = headerOf(anothers)
  const claims = claimsOf(anothers)
  const poolsAddress = new URL(claims.iss)
  const signed = (members: Members, changes: Members = {}) => {
    const text = signedPart({ ...header, ...members }, { ...claims, ...changes })
    return `${text}.${issuer.sign(text)}`
  }
  const mine = { kid: issuer.kid }
  const keySet = `${issuer.url}${poolsAddress.pathname}/.well-known/jwks.json`
  return [
    {
      as: "signed ben's claims with a key of her own, under the kid of the pool's",
      token: signed({ kid }),
    },
    {
      as: "signed a new user's claims with a key of her own, under the kid of the pool's",
      token: signed({ kid }, newcomersClaims(makings)),
    },
    { as: 'signed with a key of her own, under a kid that the pool has not', token: signed(mine) },
    { as: 'signed with a key of her own, and named no kid', token: signed({}) },
    { as: 'signed with a key of her own, under an empty kid', token: signed({ kid: '' }) },
    {
      as: 'signed with a key of her own, and put the key in the token (jwk)',
      token: signed({ ...mine, jwk: issuer.publicKey }),
    },
    {
      as: "put a key of her own in the token (jwk), under the kid of the pool's",
      token: signed({ kid, jwk: { ...issuer.publicKey, kid } }),
    },
    {
      as: 'signed with a key of her own, and said where the key is (jku)',
      token: signed({ ...mine, jku: keySet }),
    },
    {
      as: "said where a key set of her own is (iss), at an address that ends like the pool's",
      token: signed(mine, { iss: `${issuer.url}${poolsAddress.pathname}` }),
    },
    {
      as: "said where a key set of her own is (iss), at an address with the pool's in it",
      token: signed(mine, { iss: `${issuer.url}/${claims.iss}` }),
    },
  ]
}

function noTokens({ anothers, own }: Makings): Forgery[] {
  const claims = claimsOf(anothers)
  const texts: Readonly<Record<string, string>> = {
    'the word hello': 'hello',
    'a blank': ' ',
    'three letters with dots between': 'a.b.c',
    'two dots': '..',
    'null for header and claims': `${part(null)}.${part(null)}.`,
    'header and claims that are texts': `${part('')}.${part('')}.${signatureOf(own)}`,
    "ben's claims, and nothing else": part(claims),
    "ben's claims as JSON": JSON.stringify(claims),
    "ben's name": claims['cognito:username'],
    "ben's id": claims.sub,
  }
  return Object.entries(texts).map(([as, token]) => ({ as: `brought ${as}`, token }))
}
