import type { NewUser } from '../kept.ts'
import { checkPassword } from './password-policy.ts'
import { setPassword } from './passwords.ts'
import type { Pool } from './pool.ts'
import { admit, candidate } from './users.ts'

/** Lets somebody into a pool who can sign in at once. No function is called, and no message is sent. Throws `AwsError`. */
export function addUser(pool: Pool, given: NewUser, now: number): void {
  const attributes = Object.entries(given.attributes).map(([Name, Value]) => ({ Name, Value }))
  const coming = candidate(pool, given.username, attributes)
  checkPassword(pool.settings.passwordPolicy, given.password)
  const user = admit(pool, coming, now, { byName: 'User account already exists' })
  setPassword(pool, user, given.password, now)
  user.status = 'CONFIRMED'
  for (const name of given.groups) {
    const group = pool.groups.get(name) ?? {
      name,
      created: now,
      modified: now,
      description: undefined,
      roleArn: undefined,
      precedence: undefined,
      members: new Set(),
    }
    pool.groups.set(name, group)
    group.members.add(user.username)
  }
}
