import { randomBytes } from 'node:crypto'
import { AwsError } from '../error.ts'
import type { Identity } from './identity.ts'
import { noSuchEntity } from './names.ts'
import { uniqueId } from './policies.ts'

/** A long-lived key of a user. */
export interface AccessKey {
  readonly id: string
  readonly secret: string
  /** Milliseconds since the epoch. */
  readonly createdAt: number
  readonly user: Identity
}

/** The long-lived keys of an account. */
export interface AccessKeys {
  /** Throws `LimitExceeded`. */
  create(user: Identity): AccessKey
  of(user: Identity): readonly AccessKey[]
  find(id: string): AccessKey | undefined
  /** Throws `NoSuchEntity`. */
  delete(user: Identity, id: string): void
}

/** IAM's quota on the keys of a user. */
const MAX_KEYS = 2

/** Starts without keys. */
export function accessKeys(now: () => number): AccessKeys {
  const keys = new Map<string, AccessKey>()
  const of = (user: Identity) => [...keys.values()].filter(key => key.user.id === user.id)

  return {
    of,
    find: id => keys.get(id),
    create(user) {
      if (of(user).length >= MAX_KEYS) {
        throw new AwsError('LimitExceeded', `Cannot exceed quota for AccessKeysPerUser: ${MAX_KEYS}`, 409)
      }
      const key = { id: uniqueId('AKIA', 16), secret: secretKey(30), createdAt: now(), user }
      keys.set(key.id, key)
      return key
    },
    delete(user, id) {
      if (!of(user).some(key => key.id === id)) {
        throw noSuchEntity(`The Access Key with id ${id} cannot be found.`)
      }
      keys.delete(id)
    },
  }
}

/** Random text of the alphabet in which AWS writes secrets and tokens; 30 bytes give a secret key's 40 characters. */
export const secretKey = (bytes: number): string => randomBytes(bytes).toString('base64')
