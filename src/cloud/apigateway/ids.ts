import { randomFillSync, randomInt } from 'node:crypto'

/** Where the gateway's ids come from; tests may bring their own. */
export interface Ids {
  /** Ten characters: an API's. */
  api(): string
  /** Seven characters: what routes, integrations, deployments and the rest are called. */
  resource(): string
  connection(): string
  request(): string
  /** Has the form of a connection id and shares the end of its connection's (facts: D14). */
  message(connectionId: string): string
  /** `Root=1-<seconds in hex>-<24 hex digits>`. */
  trace(now: number): string
}

/** Random bytes, a few at a time. */
const chance = pooled(8192)

/** Random ids in the forms that captures show (facts: A47, D9, D14). */
export const randomIds: Ids = {
  api: () => letters(10),
  resource: () => letters(7),
  connection: () => short(chance(11)),
  request: () => short(chance(11)),
  // Six bytes are eight characters, so the other eight, of the connection's last five bytes, stay as they are.
  message: connectionId =>
    short(Buffer.concat([chance(6), Buffer.from(connectionId, 'base64url').subarray(-5)])),
  trace: now =>
    `Root=1-${Math.floor(now / 1000)
      .toString(16)
      .padStart(8, '0')}-${chance(12).toString('hex')}`,
}

/**
 * Whether this could be a connection's id. The rule behind AWS's `Invalid connectionId` is unknown (facts: E7);
 * assumed: URL-safe base64 with its padding, of at least eleven bytes.
 */
export const isConnectionId = (text: string) =>
  text.length % 4 === 0 && /^[A-Za-z0-9_-]{14,62}={1,2}$/.test(text)

/** Draws from a pool: asking the system for a few bytes at a time costs more than all else about a message. */
function pooled(poolSize: number): (size: number) => Buffer {
  const pool = Buffer.alloc(poolSize)
  let drawn = poolSize
  return size => {
    if (drawn + size > poolSize) {
      randomFillSync(pool)
      drawn = 0
    }
    drawn += size
    return Buffer.from(pool.subarray(drawn - size, drawn))
  }
}

/** URL-safe base64, padded. Its first bit is cleared so that no id begins with a dash, which command lines take for an option. */
function short(bytes: Buffer): string {
  bytes[0]! &= 0x7f
  return bytes.toString('base64').replaceAll('+', '-').replaceAll('/', '_')
}

const ALPHABET = 'abcdefghijklmnopqrstuvwxyz0123456789'
const letters = (length: number) =>
  Array.from({ length }, (_, place) => ALPHABET[randomInt(place ? ALPHABET.length : 26)]).join('')
