import type { Clock } from '../clock.ts'
import type { Change, Item } from './engine.ts'

/** Time to live: which attribute of which table says when an item goes, and the items that have one. */
export interface Expiry {
  /** The attribute, where time to live is enabled. */
  attributeOf(tableName: string): string | undefined
  enable(tableName: string, attribute: string, items: readonly Omit<Change, 'change'>[]): void
  disable(tableName: string): void
  /** Takes note of an item written or removed. */
  follow(change: Change): void
  /** Whether the item's time has come. */
  isDue(tableName: string, keys: Item): boolean
  stop(): void
}

/** AWS leaves items alone whose time is longer past than this: most likely it is not a time at all. */
const FIVE_YEARS_MS = 5 * 365 * 24 * 60 * 60 * 1000

interface Watched {
  readonly attribute: string
  /** By key: when, in milliseconds since the epoch. */
  readonly due: Map<string, { readonly at: number; readonly keys: Item }>
  alarm?: { readonly at: number; readonly cancel: () => void }
}

/**
 * Removes items as their time comes by the cloud's clock. AWS does so within a few days; here it is at once, so
 * that what is taught about expiry can be seen. `remove` is told the keys.
 */
export function expiringItems(
  clock: Clock,
  remove: (tableName: string, keys: readonly Item[]) => Promise<void>,
): Expiry {
  const watched = new Map<string, Watched>()

  return {
    attributeOf: tableName => watched.get(tableName)?.attribute,
    enable(tableName, attribute, items) {
      disable(tableName)
      const watch: Watched = { attribute, due: new Map() }
      watched.set(tableName, watch)
      for (const { keys, item } of items) note(tableName, watch, keys, item)
    },
    disable,
    follow({ tableName, keys, item }) {
      const watch = watched.get(tableName)
      if (watch) note(tableName, watch, keys, item)
    },
    isDue(tableName, keys) {
      const due = watched.get(tableName)?.due.get(JSON.stringify(keys))
      return due !== undefined && due.at < clock.now()
    },
    stop() {
      for (const tableName of watched.keys()) disable(tableName)
    },
  }

  function disable(tableName: string) {
    watched.get(tableName)?.alarm?.cancel()
    watched.delete(tableName)
  }

  function note(tableName: string, watch: Watched, keys: Item, item: Item | undefined) {
    const key = JSON.stringify(keys)
    const at = expiryOf(item?.[watch.attribute])
    if (at === undefined) {
      watch.due.delete(key)
    } else {
      watch.due.set(key, { at, keys })
      setAlarm(tableName, watch, at)
    }
  }

  // Only a Number counts, in seconds (AWS: "How it works: DynamoDB Time to Live").
  function expiryOf(value: Item[string] | undefined): number | undefined {
    const at = Number(value?.N) * 1000
    return at > clock.now() - FIVE_YEARS_MS ? at : undefined
  }

  function setAlarm(tableName: string, watch: Watched, at: number) {
    if (watch.alarm && watch.alarm.at <= at) return
    watch.alarm?.cancel()
    const cancel = clock.after(Math.max(0, at + 1 - clock.now()), () => {
      delete watch.alarm
      void sweep(tableName, watch)
    })
    watch.alarm = { at, cancel }
  }

  async function sweep(tableName: string, watch: Watched) {
    const now = clock.now()
    const gone = [...watch.due.values()].filter(({ at }) => at < now)
    const next = Math.min(...[...watch.due.values()].map(({ at }) => at).filter(at => at >= now))
    if (next < Infinity) setAlarm(tableName, watch, next)
    if (gone.length > 0)
      await remove(
        tableName,
        gone.map(({ keys }) => keys),
      )
  }
}
