import { randomBytes, randomInt } from 'node:crypto'

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

/** Random ids in the forms that captures show (facts: A47, D9, D14). */
export const randomIds: Ids = {
  api: () => letters(10),
  resource: () => letters(7),
  connection: () => short(randomBytes(11)),
  request: () => short(randomBytes(11)),
  // Six bytes are eight characters, so the other eight, of the connection's last five bytes, stay as they are.
  message: connectionId =>
    short(Buffer.concat([randomBytes(6), Buffer.from(connectionId, 'base64url').subarray(-5)])),
  trace: now =>
    `Root=1-${Math.floor(now / 1000)
      .toString(16)
      .padStart(8, '0')}-${randomBytes(12).toString('hex')}`,
}

/**
 * Whether this could be a connection's id. The rule behind AWS's `Invalid connectionId` is unknown (facts: E7);
 * assumed: URL-safe base64 with its padding, of at least eleven bytes.
 */
export const isConnectionId = (text: string) =>
  text.length % 4 === 0 && /^[A-Za-z0-9_-]{14,62}={1,2}$/.test(text)

/** URL-safe base64, padded. Its first bit is cleared so that no id begins with a dash, which command lines take for an option. */
function short(bytes: Buffer): string {
  bytes[0]! &= 0x7f
  return bytes.toString('base64').replaceAll('+', '-').replaceAll('/', '_')
}

const ALPHABET = 'abcdefghijklmnopqrstuvwxyz0123456789'
const letters = (length: number) =>
  Array.from({ length }, (_, place) => ALPHABET[randomInt(place ? ALPHABET.length : 26)]).join('')
