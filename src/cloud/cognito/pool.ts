import { randomUUID } from 'node:crypto'
import type { ClientSettings } from './client-settings.ts'
import type { Keys } from './keys.ts'
import type { PoolSettings } from './pool-settings.ts'
import type { Verifier } from './srp.ts'

/** A user pool and everything in it. Times are milliseconds since the epoch by the cloud's clock. */
export interface Pool {
  /** `us-east-1_aB3dE5fG7`. */
  readonly id: string
  readonly arn: string
  /** `https://cognito-idp.us-east-1.amazonaws.com/us-east-1_aB3dE5fG7`. */
  readonly issuer: string
  readonly created: number
  modified: number
  settings: PoolSettings
  readonly clients: Map<string, AppClient>
  /** By name. */
  readonly users: Map<string, User>
  readonly groups: Map<string, Group>
  /** Sign-ins, by their refresh token. */
  readonly sessions: Map<string, Session>
  /** The same, by what their tokens have as `event_id`. */
  readonly signIns: Map<string, Session>
  /** Challenges that wait for an answer, by what the client sends back with it. */
  readonly challenges: Map<string, Challenge>
  /** Made when the pool is, in the background. */
  keys(): Promise<Keys>
}

/** An app client. */
export interface AppClient {
  readonly id: string
  readonly secret: string | undefined
  readonly created: number
  modified: number
  settings: ClientSettings
}

/** Somebody. */
export interface User {
  readonly username: string
  readonly sub: string
  readonly created: number
  modified: number
  /** Without `sub`. */
  readonly attributes: Map<string, string>
  status: 'UNCONFIRMED' | 'CONFIRMED' | 'RESET_REQUIRED' | 'FORCE_CHANGE_PASSWORD'
  isEnabled: boolean
  password: Verifier | undefined
  /** When a temporary password was given. */
  passwordGiven: number
  /** The last code of each kind: `ConfirmSignUp`, `ConfirmForgotPassword`, `email`. */
  readonly codes: Map<string, Code>
  readonly attempts: Attempts
}

/** A code that was sent. */
export interface Code {
  readonly code: string
  readonly expires: number
  /** The attribute it was sent to: who knows the code has shown that it is theirs. */
  readonly attribute: string
}

/** Wrong passwords in a row. */
export interface Attempts {
  failed: number
  last: number
  lockedUntil: number
}

/** A group of users. */
export interface Group {
  readonly name: string
  readonly created: number
  modified: number
  description: string | undefined
  roleArn: string | undefined
  precedence: number | undefined
  /** Names of users. */
  readonly members: Set<string>
}

/** A sign-in, from which tokens come until it ends. */
export interface Session {
  /** What all its tokens have as `origin_jti`. */
  readonly originJti: string
  readonly eventId: string
  readonly refreshToken: string
  readonly username: string
  /** Tells the user from a later one of the same name. */
  readonly sub: string
  readonly clientId: string
  readonly started: number
  readonly expires: number
  isRevoked: boolean
}

/** A challenge that waits for its answer. */
export type Challenge = {
  readonly clientId: string
  readonly expires: number
  isUsed: boolean
} & (
  | { readonly kind: 'NEW_PASSWORD_REQUIRED'; readonly username: string }
  | {
      readonly kind: 'PASSWORD_VERIFIER'
      /** Undefined for somebody who does not exist, where that is not told. */
      readonly username: string | undefined
      readonly userIdForSrp: string
      readonly clientKey: bigint
      readonly publicKey: string
      readonly privateKey: bigint
    }
)

/** What follows `_` in the pool's id: part of what SRP hashes. */
export const poolNameOf = ({ id }: Pool): string => id.slice(id.indexOf('_') + 1)

/** A user without a password, and `UNCONFIRMED`. */
export function newUser(
  username: string,
  now: number,
  attributes: ReadonlyMap<string, string>,
  sub: string = randomUUID(),
): User {
  return {
    username,
    sub,
    created: now,
    modified: now,
    attributes: new Map(attributes),
    status: 'UNCONFIRMED',
    isEnabled: true,
    password: undefined,
    passwordGiven: now,
    codes: new Map(),
    attempts: { failed: 0, last: 0, lockedUntil: 0 },
  }
}

/** More than wait for an answer at a time in any lab. */
const MANY = 1000

/** Keeps a challenge until it is answered. Those that have run out are forgotten when there are many. */
export function keepChallenge({ challenges }: Pool, key: string, challenge: Challenge, now: number): void {
  if (challenges.size >= MANY) {
    for (const [old, { expires }] of challenges) if (now >= expires) challenges.delete(old)
  }
  challenges.set(key, challenge)
}
