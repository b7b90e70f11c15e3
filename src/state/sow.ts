import { createHash } from 'node:crypto'
import type { Cloud } from '../cloud/cloud.ts'
import { AwsError } from '../cloud/error.ts'
import { type Kept, type KeptObject, NotTaken } from '../cloud/kept.ts'
import { homeNamed, homesIn } from './homes.ts'
import type { Seed, Sown, SownObject } from './seed.ts'
import { StateProblem } from './trouble.ts'

/**
 * Puts a seed into a cloud whose stacks are up. No stream, no notification and no function hears of it. What AWS would not take it does
 * not take either.
 *
 * @throws StateProblem that says where, and what.
 */
export async function sow(seed: Seed, cloud: Cloud): Promise<void> {
  const homes = homesIn(cloud)
  const rows = group(seed.rows, one => homeNamed('table', one.name, homes, one.place))
  const objects = group(seed.objects, one => homeNamed('bucket', one.name, homes, one.place))
  const users = seed.users.map(one => ({ ...one, pool: homeNamed('pool', one.name, homes, one.place) }))

  for (const { pool, what, place } of users) await placing(place, () => cloud.data.addUser(pool, what))
  for (const { name, what, place } of seed.parameters) {
    await placing(place, () => cloud.data.putParameter({ name, ...what }))
  }
  const before = await cloud.data.save()
  const tables: Record<string, Kept['tables'][string]> = { ...before.tables }
  for (const [table, all] of rows) tables[table] = [...(tables[table] ?? []), ...all.map(({ what }) => what)]
  const buckets: Record<string, Kept['buckets'][string]> = { ...before.buckets }
  for (const [bucket, all] of objects) {
    const replaced = new Set(all.map(({ what }) => what.key))
    const left = (buckets[bucket] ?? []).filter(({ key }) => !replaced.has(key))
    buckets[bucket] = [...left, ...all.map(({ what }) => keptObject(what, cloud.clock.now()))]
  }
  try {
    await cloud.data.load({ ...before, tables, buckets })
  } catch (error) {
    if (!(error instanceof NotTaken)) throw error
    const sown = rows.get(error.table)?.[error.index - (before.tables[error.table]?.length ?? 0)]
    throw new StateProblem(`${sown?.place ?? error.table}: ${error.message}`, { cause: error })
  }
}

function group<T>(all: readonly Sown<T>[], home: (one: Sown<T>) => string): Map<string, Sown<T>[]> {
  const groups = new Map<string, Sown<T>[]>()
  for (const one of all) groups.set(home(one), [...(groups.get(home(one)) ?? []), one])
  return groups
}

async function placing(place: string, task: () => unknown): Promise<void> {
  try {
    await task()
  } catch (error) {
    if (error instanceof AwsError) throw new StateProblem(`${place}: ${error.message}`, { cause: error })
    throw error
  }
}

const keptObject = ({ key, bytes, contentType }: SownObject, modified: number): KeptObject => ({
  key,
  bytes,
  modified,
  versionId: 'null',
  isMarker: false,
  etag: createHash('md5').update(bytes).digest('hex'),
  headers: { contentType, system: {}, metadata: {}, encryption: {}, storageClass: 'STANDARD' },
  tags: {},
})
