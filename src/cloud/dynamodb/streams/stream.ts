import { createHash } from 'node:crypto'
import type { Account } from '../../account.ts'
import type { Clock } from '../../clock.ts'
import type { Change, Item, TableRecord } from '../engine.ts'
import { isSame, recordOf, type StreamRecord, type ViewType } from './record.ts'

/** How long a record is kept, and a stream that was switched off, in milliseconds. */
export const KEPT = 24 * 60 * 60 * 1000

/** A table's stream as other rooms of the cloud read it: they have asked IAM before. It has one shard. */
export interface Stream {
  readonly arn: string
  readonly label: string
  readonly tableName: string
  readonly viewType: ViewType
  readonly keySchema: TableRecord['KeySchema']
  readonly shardId: string
  /** Milliseconds since the epoch. */
  readonly createdAt: number
  /** Switched off, or its table is deleted: nothing more comes. */
  readonly isClosed: boolean
  /** When that was, in milliseconds. */
  readonly closedAt: number | undefined
  /** The position of the oldest record that is kept; where there is none, of the next record. */
  readonly first: number
  /** The position that the next record will have. */
  readonly next: number
  /** Up to `most` records from a position on. */
  read(from: number, most: number): readonly StreamRecord[]
  sequenceNumberAt(position: number): string
  /** The position that a sequence number stands for; undefined for a text that is none of this stream's. */
  positionOf(sequenceNumber: string): number | undefined
  /** Calls `listener` after each new record, and when the stream is closed. The answer stops it. */
  follow(listener: () => void): () => void
}

/** The same as its table fills it. */
export interface OpenStream extends Stream {
  /** A write that changes nothing is not noted. */
  note(change: Change, cause: { readonly cause: number; readonly isExpiry: boolean }): void
  close(): void
}

/** What follows a sequence number's count. AWS's are like that: 100000000005391461882, 200000000005391461883. */
const TAIL = 10n ** 20n

/** Opens a stream without a record. */
export function openStream(
  table: Pick<TableRecord, 'TableName' | 'KeySchema'>,
  viewType: ViewType,
  { account, clock, sizeOf }: { account: Account; clock: Clock; sizeOf: (item: Item) => number },
  createdAt: number,
): OpenStream {
  const label = new Date(createdAt).toISOString().slice(0, -1)
  const { partition, region, accountId } = account
  const arn = `arn:${partition}:dynamodb:${region}:${accountId}:table/${table.TableName}/stream/${label}`
  const listeners = new Set<() => void>()
  const base = BigInt(Math.floor(createdAt / 1000))
  let records: StreamRecord[] = []
  /** How many records have been forgotten. */
  let forgotten = 0
  let closedAt: number | undefined

  const stream: OpenStream = {
    arn,
    label,
    tableName: table.TableName,
    viewType,
    keySchema: table.KeySchema,
    shardId: `shardId-${String(createdAt).padStart(20, '0')}-${createHash('md5').update(arn).digest('hex').slice(0, 8)}`,
    createdAt,
    get isClosed() {
      return closedAt !== undefined
    },
    get closedAt() {
      return closedAt
    },
    get first() {
      forget()
      return forgotten + 1
    },
    get next() {
      return forgotten + records.length + 1
    },
    read(from, most) {
      forget()
      const start = Math.max(0, from - forgotten - 1)
      return records.slice(start, start + most)
    },
    sequenceNumberAt: position => String(BigInt(position) * TAIL + base + BigInt(position)),
    positionOf(sequenceNumber) {
      if (!/^\d{21,40}$/.test(sequenceNumber)) return undefined
      const position = Number(BigInt(sequenceNumber) / TAIL)
      return stream.sequenceNumberAt(position) === sequenceNumber ? position : undefined
    },
    follow(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    note(change, cause) {
      if (change.item && change.before && isSame(change.item, change.before)) return
      forget()
      const position = stream.next
      const sequenceNumber = stream.sequenceNumberAt(position)
      const place = { position, sequenceNumber, at: clock.now(), viewType, streamArn: arn }
      records.push(recordOf(change, place, cause, sizeOf))
      for (const listener of [...listeners]) listener()
    },
    close() {
      closedAt = clock.now()
      for (const listener of [...listeners]) listener()
    },
  }
  return stream

  function forget() {
    const oldest = clock.now() - KEPT
    if (!records[0] || records[0].at > oldest) return
    const kept = records.findIndex(({ at }) => at > oldest)
    const gone = kept === -1 ? records.length : kept
    records = records.slice(gone)
    forgotten += gone
  }
}
