import type { Account } from '../account.ts'
import { AwsError } from '../error.ts'
import type { Identity, Mutable } from './identity.ts'
import { checkName, deleteConflict, noSuchEntity } from './names.ts'
import { uniqueId } from './policies.ts'

/** What a user is made from. */
export interface NewUser {
  readonly name: string
  readonly path?: string | undefined
  readonly boundary?: string | undefined
  readonly tags?: Readonly<Record<string, string>> | undefined
}

/** The people of the account. */
export interface Users {
  all(): readonly Mutable<Identity>[]
  /** By name or ARN; throws `NoSuchEntity`. */
  find(nameOrArn: string): Mutable<Identity>
  /** Throws `EntityAlreadyExists`, `ValidationError`. */
  create(user: NewUser): Mutable<Identity>
  /** Throws `DeleteConflict` while they still have policies. */
  delete(name: string): void
}

/** Starts without anybody. */
export function startUsers({ partition, accountId }: Account, now: () => number): Users {
  const users = new Map<string, Mutable<Identity>>()

  return {
    all: () => [...users.values()],
    find,
    create({ name, path = '/', boundary, tags = {} }) {
      checkName('userName', name, 64)
      if (users.has(name.toLowerCase())) {
        throw new AwsError('EntityAlreadyExists', `User with name ${name} already exists.`, 409)
      }
      const user: Mutable<Identity> = {
        kind: 'user',
        name,
        path,
        arn: `arn:${partition}:iam::${accountId}:user${path}${name}`,
        id: uniqueId('AIDA'),
        createdAt: now(),
        inline: new Map(),
        attached: new Set(),
        boundary,
        tags,
      }
      users.set(name.toLowerCase(), user)
      return user
    },
    delete(name) {
      const user = find(name)
      if (user.attached.size > 0)
        throw deleteConflict('Cannot delete entity, must detach all policies first.')
      if (user.inline.size > 0) throw deleteConflict('Cannot delete entity, must delete policies first.')
      users.delete(user.name.toLowerCase())
    },
  }

  function find(nameOrArn: string): Mutable<Identity> {
    const name = nameOrArn.slice(nameOrArn.lastIndexOf('/') + 1)
    const user = users.get(name.toLowerCase())
    if (!user) throw noSuchEntity(`The user with name ${name} cannot be found.`)
    return user
  }
}
