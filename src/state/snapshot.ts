import type { Cloud } from '../cloud/cloud.ts'
import type { Kept, KeptGroup, KeptParameter, KeptUser } from '../cloud/kept.ts'
import { type Home, homesIn } from './homes.ts'
import { StateProblem } from './trouble.ts'

/** A cloud's data by names that are the same in every run: `Chat/Connections8000A1B2`, or a physical name where no stack has made it. */
export interface Snapshot extends Kept {
  /** The ids of user pools and app clients. Passwords depend on the first, and web pages know both. */
  readonly ids: Readonly<Record<string, string>>
  /** What the stacks themselves had made: it is not what somebody has put there since. */
  readonly made: Made
}

export interface Made {
  /** By pool. */
  readonly users: Readonly<Record<string, readonly string[]>>
  readonly groups: Readonly<Record<string, readonly string[]>>
  /** Values of parameters by name. */
  readonly parameters: Readonly<Record<string, string>>
}

/** What a cloud holds. `atFirst` is what it held when its stacks had come up. What is in `before`, and has no home now, goes along. */
export function snapshotOf(cloud: Cloud, kept: Kept, atFirst: Kept, before?: Snapshot): Snapshot {
  const homes = homesIn(cloud)
  const keys = new Map(homes.map(({ physicalId, key }) => [physicalId, key]))
  const keyed = <T>(all: Readonly<Record<string, T>>, old: Readonly<Record<string, T>> = {}) => ({
    ...homeless(old, homes),
    ...Object.fromEntries(Object.entries(all).map(([name, one]) => [keys.get(name) ?? name, one])),
  })
  const named = <T extends KeptUser | KeptGroup>(which: 'users' | 'groups', name: (one: T) => string) =>
    keyed(
      Object.fromEntries(
        Object.entries(atFirst.pools).map(([id, pool]) => [
          id,
          (pool[which] as unknown as readonly T[]).map(name),
        ]),
      ),
      before?.made[which],
    )
  return {
    ids: {
      ...homeless(before?.ids ?? {}, homes),
      ...Object.fromEntries(
        homes
          .filter(({ kind }) => kind === 'pool' || kind === 'client')
          .map(({ key, physicalId }) => [key, physicalId]),
      ),
    },
    tables: keyed(kept.tables, before?.tables),
    pools: keyed(kept.pools, before?.pools),
    buckets: keyed(kept.buckets, before?.buckets),
    parameters: kept.parameters,
    made: {
      users: named<KeptUser>('users', ({ username }) => username),
      groups: named<KeptGroup>('groups', ({ name }) => name),
      parameters: Object.fromEntries(atFirst.parameters.map(one => [one.name, currentValue(one)])),
    },
  }
}

/**
 * Puts a snapshot into a cloud. What the stacks make now and did not make then is there too.
 *
 * @throws StateProblem where a pool is another one than in the snapshot.
 */
export async function putSnapshot(snapshot: Snapshot, cloud: Cloud, atFirst: Kept): Promise<void> {
  const homes = homesIn(cloud)
  const keyOf = (physicalId: string) => homes.find(home => home.physicalId === physicalId)?.key ?? physicalId
  const found = <T>(now: Readonly<Record<string, T>>, then: Readonly<Record<string, T>>) =>
    Object.fromEntries(Object.entries(now).map(([name, one]) => [name, then[keyOf(name)] ?? one]))

  const pools = Object.entries(atFirst.pools).map(([id, now]) => {
    const key = keyOf(id)
    const then = snapshot.pools[key]
    if (!then) return [id, now] as const
    checkPool(key, id, snapshot)
    const isNew =
      (made: readonly string[] = []) =>
      (name: string) =>
        !made.includes(name)
    return [
      id,
      {
        users: together(then.users, now.users, one => one.username, isNew(snapshot.made.users[key])),
        groups: together(then.groups, now.groups, one => one.name, isNew(snapshot.made.groups[key])),
      },
    ] as const
  })
  await cloud.data.load({
    tables: found(atFirst.tables, snapshot.tables),
    buckets: found(atFirst.buckets, snapshot.buckets),
    pools: Object.fromEntries(pools),
    parameters: parametersOf(snapshot, atFirst),
  })
}

/** A parameter whose value in the stack is another one now has that. */
function parametersOf({ parameters, made }: Snapshot, atFirst: Kept): readonly KeptParameter[] {
  const changed = new Set(
    atFirst.parameters.filter(one => made.parameters[one.name] !== currentValue(one)).map(({ name }) => name),
  )
  return [
    ...parameters.filter(({ name }) => !changed.has(name)),
    ...atFirst.parameters.filter(({ name }) => changed.has(name)),
  ]
}

/** Those of then, and those of now that are new and that nobody has by that name. */
function together<T>(
  then: readonly T[],
  now: readonly T[],
  name: (one: T) => string,
  isNew: (name: string) => boolean,
): readonly T[] {
  const names = new Set(then.map(name))
  return [...then, ...now.filter(one => isNew(name(one)) && !names.has(name(one)))]
}

function checkPool(key: string, id: string, { ids, pools }: Snapshot): void {
  if (ids[key] === id || !pools[key]?.users.some(({ password }) => password)) return
  throw new StateProblem(
    `The user pool ${key} is ${id} here, and was ${ids[key]} when the snapshot was saved. Passwords depend on that id. Start the cloud from the snapshot: give its folder as seed or as state.`,
  )
}

const homeless = <T>(old: Readonly<Record<string, T>>, homes: readonly Home[]): Record<string, T> =>
  Object.fromEntries(
    Object.entries(old).filter(([key]) => key.includes('/') && !homes.some(home => home.key === key)),
  )

const currentValue = ({ versions }: KeptParameter): string => String(versions.at(-1)?.value)
