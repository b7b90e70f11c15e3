import type { Account } from '../../account.ts'
import type { Clock } from '../../clock.ts'
import type { Change, Item, TableRecord } from '../engine.ts'
import type { ViewType } from './record.ts'
import { KEPT, type OpenStream, openStream, type Stream } from './stream.ts'

export type { StreamRecord, ViewType } from './record.ts'
export type { Stream } from './stream.ts'

/** All streams of the account that can be read. */
export interface Streams {
  find(arn: string): Stream | undefined
  all(): readonly Stream[]
}

/** The same as tables use it. */
export interface KeptStreams extends Streams {
  /** The newest stream of a table, switched off or not. */
  latest(tableName: string): Stream | undefined
  open(table: Pick<TableRecord, 'TableName' | 'KeySchema'>, viewType: ViewType): Stream
  /** Switches the stream of a table off. It can be read for a day. */
  close(tableName: string): void
  /** The table is gone: a new one of the same name begins without a stream. */
  leave(tableName: string): void
  note(change: Change, cause: { readonly cause: number; readonly isExpiry: boolean }): void
}

/** Starts without a stream. */
export function keepStreams(house: {
  account: Account
  clock: Clock
  sizeOf: (item: Item) => number
}): KeptStreams {
  const streams = new Map<string, OpenStream>()
  /** By table: the newest stream. */
  const ofTable = new Map<string, OpenStream>()

  return {
    find(arn) {
      forget()
      return streams.get(arn)
    },
    all() {
      forget()
      return [...streams.values()]
    },
    latest: tableName => ofTable.get(tableName),
    open(table, viewType) {
      const now = house.clock.now()
      // A label is a time in milliseconds, and names one stream.
      const before = [...streams.values()].filter(({ tableName }) => tableName === table.TableName)
      const createdAt = Math.max(now, ...before.map(stream => stream.createdAt + 1))
      const stream = openStream(table, viewType, house, createdAt)
      streams.set(stream.arn, stream)
      ofTable.set(table.TableName, stream)
      return stream
    },
    close,
    leave(tableName) {
      close(tableName)
      ofTable.delete(tableName)
    },
    note(change, cause) {
      const stream = ofTable.get(change.tableName)
      if (stream && !stream.isClosed) stream.note(change, cause)
    },
  }

  function close(tableName: string) {
    const stream = ofTable.get(tableName)
    if (stream && !stream.isClosed) stream.close()
  }

  function forget() {
    for (const [arn, { closedAt }] of streams) {
      if (closedAt !== undefined && closedAt < house.clock.now() - KEPT) streams.delete(arn)
    }
  }
}
