import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto'

/** What is kept of a password: from it nobody learns the password, and with it its owner can be told from others. */
export interface Verifier {
  readonly salt: bigint
  readonly verifier: bigint
}

/** The server's half of an exchange: what is told to the client, and what is kept until it answers. */
export interface Offer {
  /** Hexadecimal. */
  readonly publicKey: string
  readonly privateKey: bigint
}

/** The 3072-bit group of RFC 5054 and RFC 3526, which all clients of Cognito have built in. */
const N_HEX =
  'FFFFFFFFFFFFFFFFC90FDAA22168C234C4C6628B80DC1CD129024E088A67CC74020BBEA63B139B22514A08798E3404DDEF9519B3CD3A431B302B0A6DF25F14374FE1356D6D51C245E485B576625E7EC6F44C42E9A637ED6B0BFF5CB6F406B7EDEE386BFB5A899FA5AE9F24117C4B1FE649286651ECE45B3DC2007CB8A163BF0598DA48361C55D39A69163FA8FD24CF5F83655D23DCA3AD961C62F356208552BB9ED529077096966D670C354E4ABC9804F1746C08CA18217C32905E462E36CE3BE39E772C180E86039B2783A2EC07A28FB5C55DF06F4C52C9DE2BCBF6955817183995497CEA956AE515D2261898FA051015728E5A8AAAC42DAD33170D04507A33A85521ABDF1CBA64ECFB850458DBEF0A8AEA71575D060C7DB3970F85A6E1E4C7ABF5AE8CDB0933D71E8C94E04A25619DCEE3D2261AD2EE6BF12FFA06D98A0864D87602733EC86A64521F2B18177B200CBBE117577A615D6C770988C0BAD946E208E24FA074E5AB3143DB5BFCE0FD108E4B82D120A93AD2CAFFFFFFFFFFFFFFFF'
const N = BigInt(`0x${N_HEX}`)
const G = 2n
const K = hashOf(bytes(N), bytes(G))

/** What Cognito calls the key that both sides arrive at. */
const INFO = 'Caldera Derived Key'

/** Makes what is kept of a password. `poolName` is what follows `_` in the pool's id. */
export function verifierOf(
  poolName: string,
  username: string,
  password: string,
  salt = fromBytes(randomBytes(16)),
): Verifier {
  return { salt, verifier: power(G, privateKeyOf(poolName, username, password, salt)) }
}

/** Whether the password matches the stored verifier. */
export function isPassword(kept: Verifier, poolName: string, username: string, password: string): boolean {
  const { verifier } = verifierOf(poolName, username, password, kept.salt)
  return timingSafeEqual(fixed(verifier), fixed(kept.verifier))
}

/** The server's first step of SRP-6a: B = k·v + g^b. */
export function offer({ verifier }: Verifier): Offer {
  const privateKey = fromBytes(randomBytes(32))
  return { publicKey: ((K * verifier + power(G, privateKey)) % N).toString(16), privateKey }
}

/** A client's public key from its hexadecimal digits; undefined for one that would make the password needless (A mod N = 0) or is none. */
export function clientKey(hex: string): bigint | undefined {
  if (!/^[0-9a-fA-F]{1,1024}$/.test(hex)) return undefined
  const key = BigInt(`0x${hex}`)
  return key % N === 0n ? undefined : key
}

/** The server's second step: whether the client's signature (base64) shows that it arrived at the same key. */
export function isProof(
  kept: Verifier,
  { publicKey, privateKey }: Offer,
  client: bigint,
  signed: {
    readonly poolName: string
    readonly username: string
    readonly secretBlock: Buffer
    readonly timestamp: string
  },
  signature: string,
): boolean {
  const u = hashOf(bytes(client), bytes(BigInt(`0x${publicKey}`)))
  const secret = power(client * power(kept.verifier, u), privateKey)
  // HKDF (RFC 5869) for one block, of which the first half is used.
  const extracted = createHmac('sha256', bytes(u)).update(bytes(secret)).digest()
  const key = createHmac('sha256', extracted).update(`${INFO}\x01`).digest().subarray(0, 16)
  const ours = createHmac('sha256', key)
    .update(signed.poolName)
    .update(signed.username)
    .update(signed.secretBlock)
    .update(signed.timestamp)
    .digest()
  const theirs = Buffer.from(signature, 'base64')
  return theirs.length === ours.length && timingSafeEqual(theirs, ours)
}

/** x = H(salt, H(poolName username ":" password)). */
function privateKeyOf(poolName: string, username: string, password: string, salt: bigint): bigint {
  const inner = createHash('sha256').update(`${poolName}${username}:${password}`).digest()
  return hashOf(bytes(salt), inner)
}

function fromBytes(given: Buffer): bigint {
  return BigInt(`0x${given.toString('hex')}`)
}

function power(base: bigint, exponent: bigint): bigint {
  let result = 1n
  let square = base % N
  for (let left = exponent; left > 0n; left >>= 1n) {
    if (left & 1n) result = (result * square) % N
    square = (square * square) % N
  }
  return result
}

function hashOf(...parts: readonly Buffer[]): bigint {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(part)
  return fromBytes(hash.digest())
}

/** A number as Java's BigInteger writes it, and so Cognito: with a zero in front where the first bit is set. */
function bytes(number: bigint): Buffer {
  const hex = number.toString(16)
  const even = hex.length % 2 === 1 ? `0${hex}` : hex
  return Buffer.from(/^[89a-f]/.test(even) ? `00${even}` : even, 'hex')
}

const fixed = (number: bigint) => Buffer.from(number.toString(16).padStart(N_HEX.length, '0'), 'hex')
