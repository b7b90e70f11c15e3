import { statSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Cloud } from '../cloud/cloud.ts'
import type { CloudEvent } from '../cloud/events.ts'
import type { Kept } from '../cloud/kept.ts'
import { hasSnapshot, readSnapshot, writeSnapshot } from './folder.ts'
import { takeFolder } from './lock.ts'
import { readSeed, type Seed } from './seed.ts'
import { putSnapshot, type Snapshot, snapshotOf } from './snapshot.ts'
import { sow } from './sow.ts'
import { StateProblem } from './trouble.ts'

/** What a cloud begins with, and where it is kept: read before the cloud is started. */
export interface Beginning {
  /** Ids that user pools and app clients are to have again. */
  readonly knownIds: ReadonlyMap<string, string>
  /**
   * Puts it into a cloud whose stacks are up. From then on the data is kept, if there is a folder for that.
   */
  begin(cloud: Cloud, onTrouble: (error: unknown) => void): Promise<Begun>
  /** Gives the folder back where no cloud has come up. */
  giveUp(): void
}

/** A cloud that has begun. */
export interface Begun {
  save(folder: string): Promise<void>
  load(folder: string): Promise<void>
  /** Keeps the last of it, and gives the folder back. Call it before the cloud is stopped. */
  stop(): Promise<void>
}

/** How long after a change it is kept, in milliseconds: many come at once. */
const SOON = 1_000

/**
 * Reads what a cloud begins with. `seed` is a file, what such a file holds, or the folder of a snapshot. `state` is the folder in which it
 * is kept: what is there goes before the seed.
 *
 * @throws StateProblem that says where, and what.
 */
export function beginningOf({
  seed,
  state,
}: {
  readonly seed?: unknown
  readonly state?: string | undefined
}): Beginning {
  const source = seed === undefined ? undefined : sourceOf(seed)
  const folder = state === undefined ? undefined : resolve(state)
  const isThere = folder !== undefined && hasSnapshot(folder)
  const release = folder === undefined ? () => {} : takeFolder(folder)
  try {
    const snapshot = isThere ? readSnapshot(folder) : source && 'ids' in source ? source : undefined
    const toSow = !isThere && source && 'rows' in source ? source : undefined
    return {
      knownIds: new Map(Object.entries(snapshot?.ids ?? {})),
      giveUp: release,
      async begin(cloud, onTrouble) {
        const atFirst = await cloud.data.save()
        if (snapshot) await putSnapshot(snapshot, cloud, atFirst)
        if (toSow) await sow(toSow, cloud)
        const keeping = folder === undefined ? undefined : keepIn(folder, cloud, atFirst, snapshot, onTrouble)
        await keeping?.keep()
        return {
          save: async into =>
            writeSnapshot(resolve(into), snapshotOf(cloud, await cloud.data.save(), atFirst)),
          async load(from) {
            if (!hasSnapshot(resolve(from)))
              throw new StateProblem(`There is no snapshot in ${resolve(from)}.`)
            await putSnapshot(readSnapshot(resolve(from)), cloud, atFirst)
            await keeping?.keep()
          },
          async stop() {
            try {
              await keeping?.stop()
            } finally {
              release()
            }
          },
        }
      },
    }
  } catch (error) {
    release()
    throw error
  }
}

function sourceOf(seed: unknown): Seed | Snapshot {
  if (typeof seed !== 'string') return readSeed(seed)
  const path = resolve(seed)
  if (!statSync(path, { throwIfNoEntry: false })?.isDirectory()) return readSeed(path)
  if (hasSnapshot(path)) return readSnapshot(path)
  throw new StateProblem(`There is no snapshot in ${path}.`)
}

/** Keeps a cloud's data in a folder: soon after each change, and at the end. */
function keepIn(
  folder: string,
  cloud: Cloud,
  atFirst: Kept,
  before: Snapshot | undefined,
  onTrouble: (error: unknown) => void,
): { keep(): Promise<void>; stop(): Promise<void> } {
  let timer: NodeJS.Timeout | undefined
  let writing: Promise<void> = Promise.resolve()
  const keep = () => {
    clearTimeout(timer)
    timer = undefined
    writing = writing.then(async () =>
      writeSnapshot(folder, snapshotOf(cloud, await cloud.data.save(), atFirst, before)),
    )
    const written = writing
    writing = writing.catch(() => {})
    return written
  }
  const unsubscribe = cloud.events.subscribe(event => {
    if (mayChange(event)) timer ??= setTimeout(() => keep().catch(onTrouble), SOON).unref()
  })
  return {
    keep,
    async stop() {
      unsubscribe()
      await keep()
    },
  }
}

/** What is kept changes by calls of AWS's API, and items by themselves when their time is over. */
const mayChange = (event: CloudEvent): boolean =>
  event.kind === 'item' ||
  (event.kind === 'answer' && !/^(Get|Describe|List|Query|Scan|Head|Post)/.test(event.operation))
