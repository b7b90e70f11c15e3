import type { Keeper, Kept, KeptGroup, KeptUser } from '../kept.ts'
import { type Group, newUser, type Pool, type User } from './pool.ts'
import type { Pools } from './pools.ts'

/** The users and groups of all pools. Who was signed in is signed out, and codes that were sent are not kept. */
export const userKeeper = (pools: Pools): Keeper<Kept['pools']> => ({
  save: () =>
    Object.fromEntries(
      pools.all().map(({ id, users, groups }) => [
        id,
        {
          users: [...users.values()].map(keptUser),
          groups: [...groups.values()].map(({ members, ...group }) => ({ ...group, members: [...members] })),
        },
      ]),
    ),
  load(kept) {
    for (const pool of pools.all()) {
      const { users, groups } = kept[pool.id] ?? { users: [], groups: [] }
      for (const all of [pool.users, pool.groups, pool.sessions, pool.signIns, pool.challenges]) all.clear()
      for (const user of users) pool.users.set(user.username, restored(user))
      for (const group of groups) restoreGroup(pool, group)
    }
  },
})

const keptUser = ({ attributes, password, codes: _, attempts: __, ...user }: User): KeptUser => ({
  ...user,
  attributes: Object.fromEntries(attributes),
  ...(password && {
    password: { salt: password.salt.toString(16), verifier: password.verifier.toString(16) },
  }),
})

function restored({ attributes, password, ...kept }: KeptUser): User {
  const user = newUser(kept.username, kept.created, new Map(Object.entries(attributes)), kept.sub)
  const { modified, isEnabled, passwordGiven } = kept
  return Object.assign(
    user,
    { modified, isEnabled, passwordGiven },
    {
      status: kept.status as User['status'],
      password: password && {
        salt: BigInt(`0x${password.salt}`),
        verifier: BigInt(`0x${password.verifier}`),
      },
    },
  )
}

function restoreGroup(pool: Pool, { members, ...kept }: KeptGroup): void {
  const { description, roleArn, precedence } = kept
  const group: Group = { ...kept, description, roleArn, precedence, members: new Set(members) }
  pool.groups.set(group.name, group)
}
