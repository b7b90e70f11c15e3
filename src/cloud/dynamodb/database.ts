import type { Account } from '../account.ts'
import type { Clock } from '../clock.ts'
import type { Events } from '../events.ts'
import { countWork, type Work } from '../work.ts'
import { type Change, type Engine, openEngine } from './engine.ts'
import { type Expiry, expiringItems } from './expiry.ts'
import { type Gate, openGate } from './gate.ts'
import { type KeptStreams, keepStreams } from './streams/streams.ts'
import { noTables, type Tables } from './tables.ts'

/** Everything that the operations and resource types of DynamoDB work on. */
export interface Database {
  readonly account: Account
  readonly clock: Clock
  readonly engine: Engine
  readonly tables: Tables
  readonly gate: Gate
  readonly expiry: Expiry
  readonly streams: KeptStreams
  /** How long CreateTable takes, in milliseconds of real time. A template's table is there at once. */
  readonly creationMs: number
  /** Runs `task` with nobody else inside; what it changes is told when it has succeeded, and never told when it throws. */
  transaction<T>(task: () => Promise<T>): Promise<T>
  stop(): Promise<void>
}

/** Opens an empty database that tells `events` of every item written or removed. */
export function openDatabase({
  account,
  clock,
  events,
  work = countWork(),
  creationMs = 0,
}: {
  account: Account
  clock: Clock
  events: Events
  work?: Work
  creationMs?: number
}): Database {
  const engine = openEngine(account, changed)
  const gate = openGate()
  const streams = keepStreams({ account, clock, sizeOf: engine.sizeOf })
  let isExpiring = false
  const expiry = expiringItems(clock, (tableName, keys) =>
    work.add(
      gate.alone(async () => {
        isExpiring = true
        try {
          // Between falling due and getting in here, the item may have been given more time.
          for (const Key of keys) {
            if (expiry.isDue(tableName, Key)) await engine.call('DeleteItem', { TableName: tableName, Key })
          }
        } finally {
          isExpiring = false
        }
      }),
    ),
  )
  let untold: Change[] | undefined

  return {
    account,
    clock,
    engine,
    gate,
    expiry,
    streams,
    creationMs,
    tables: noTables(account),
    transaction: task =>
      gate.alone(async () => {
        const changes: Change[] = []
        untold = changes
        try {
          const outcome = await task()
          changes.forEach(tell)
          return outcome
        } finally {
          untold = undefined
        }
      }),
    async stop() {
      expiry.stop()
      await gate.alone(() => engine.stop())
    },
  }

  function changed(change: Change) {
    expiry.follow(change)
    if (untold) untold.push(change)
    else tell(change)
  }

  function tell(change: Change) {
    const { tableName, keys } = change
    const cause = events.emit({ kind: 'item', tableName, change: change.change, keys })
    streams.note(change, { cause, isExpiry: isExpiring })
  }
}
