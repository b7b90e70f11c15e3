import { availableParallelism } from 'node:os'
import type { Spreading } from '../spread.ts'
import type { Work } from '../work.ts'
import type { Capacity, Staffed } from './capacity.ts'
import type { Configuration } from './configuration.ts'
import { type Pool, startPool } from './pool.ts'

/**
 * How many processes there are at most. AWS's own limit is 1,000 at a time; a laptop has not the memory. Who comes
 * when all are taken waits, and is not refused: the wait does not count as the function's time.
 */
export const MAX_PROCESSES = 100

/** Starting is mostly work for the processor: more at once would all be later. */
const MAX_STARTING = Math.max(2, availableParallelism())

/** How long an idle instance is kept, in milliseconds by the cloud's clock. AWS does not say; minutes are seen. */
export const IDLE_FOR = 10 * 60 * 1000

/** All instances of all functions. */
export interface Fleet {
  pool(configuration: Configuration): Pool
  /** Ends every instance that is idle: the next events find new ones. */
  dismissIdle(): void
  /** Ends every instance and waits until they are gone. */
  stop(): Promise<void>
}

/** Starts an empty fleet. `staff` starts an instance; it may throw, and whoever waits for the instance is told. */
export function startFleet({
  staff,
  now,
  after,
  spread,
  work,
}: {
  readonly staff: (configuration: Configuration) => Staffed
  readonly now: () => number
  readonly after: (ms: number, task: () => void) => () => void
  readonly spread: Spreading
  /** Counts instances that start, or have not come to a standstill yet. */
  readonly work: Pick<Work, 'add'>
}): Fleet {
  const pools = new Set<Pool>()
  let processes = 0
  let starting = 0
  let isMakingRoom = false

  const capacity: Capacity = {
    enter() {
      if (starting >= MAX_STARTING) return false
      if (processes >= MAX_PROCESSES) {
        makeRoom()
        return false
      }
      processes++
      starting++
      return true
    },
    up() {
      starting--
      turn()
    },
    left() {
      processes--
      isMakingRoom = false
      turn()
    },
  }

  let sweeping = false

  return {
    pool(configuration) {
      const pool = startPool(configuration, {
        staff,
        capacity,
        now,
        spread,
        work,
        onIdle: sweepLater,
        onEmpty: () => pools.delete(pool),
      })
      pools.add(pool)
      return pool
    },
    dismissIdle() {
      for (const pool of pools) pool.dismissIdle(Number.POSITIVE_INFINITY)
    },
    async stop() {
      await Promise.all([...pools].map(pool => pool.stop()))
    },
  }

  function turn() {
    for (const pool of pools) pool.dispatch()
  }

  /** The instance that has been idle for longest makes way. When it has ended, `left` calls everybody who waits. */
  function makeRoom() {
    if (isMakingRoom) return
    let oldest: { readonly pool: Pool; readonly since: number } | undefined
    for (const pool of pools) {
      const since = pool.idleSince()
      if (since !== undefined && since < (oldest?.since ?? Number.POSITIVE_INFINITY)) oldest = { pool, since }
    }
    if (!oldest) return
    isMakingRoom = true
    oldest.pool.dismissOldest()
  }

  function sweepLater() {
    if (sweeping) return
    sweeping = true
    after(IDLE_FOR, () => {
      sweeping = false
      for (const pool of pools) pool.dismissIdle(now() - IDLE_FOR)
      if ([...pools].some(pool => pool.idleSince() !== undefined)) sweepLater()
    })
  }
}
