import { createHash } from 'node:crypto'
import type { Change, Item } from '../engine.ts'

/** Which images of an item a stream has. */
export type ViewType = 'KEYS_ONLY' | 'NEW_IMAGE' | 'OLD_IMAGE' | 'NEW_AND_OLD_IMAGES'

export const viewTypes: readonly ViewType[] = ['KEYS_ONLY', 'NEW_IMAGE', 'OLD_IMAGE', 'NEW_AND_OLD_IMAGES']

/** One change of an item, as a stream keeps it. */
export interface StreamRecord {
  /** Its place in the shard, from 1 on. */
  readonly position: number
  readonly sequenceNumber: string
  readonly eventID: string
  readonly eventName: Change['change']
  /** Milliseconds since the epoch by the cloud's clock. */
  readonly at: number
  readonly keys: Item
  /** The members of `dynamodb` as GetRecords and Lambda's event both have them. */
  readonly dynamodb: Readonly<Record<string, unknown>>
  /** DynamoDB removed the item because its time to live was over. */
  readonly isExpiry: boolean
  /** The event of the change. */
  readonly cause: number
}

/** Makes the record of a change. A stream of another view type leaves images out. */
export function recordOf(
  { change, keys, item, before }: Change,
  place: {
    readonly position: number
    readonly sequenceNumber: string
    readonly at: number
    readonly viewType: ViewType
    readonly streamArn: string
  },
  cause: { readonly cause: number; readonly isExpiry: boolean },
  sizeOf: (item: Item) => number,
): StreamRecord {
  const { position, sequenceNumber, at, viewType, streamArn } = place
  const newImage = viewType === 'NEW_IMAGE' || viewType === 'NEW_AND_OLD_IMAGES' ? item : undefined
  const oldImage = viewType === 'OLD_IMAGE' || viewType === 'NEW_AND_OLD_IMAGES' ? before : undefined
  const size = [keys, newImage, oldImage].reduce((sum, image) => sum + (image ? sizeOf(image) : 0), 0)
  return {
    position,
    sequenceNumber,
    eventID: createHash('md5').update(`${streamArn} ${sequenceNumber}`).digest('hex'),
    eventName: change,
    at,
    keys,
    dynamodb: {
      // Whole seconds.
      ApproximateCreationDateTime: Math.floor(at / 1000),
      Keys: keys,
      ...(newImage ? { NewImage: newImage } : {}),
      ...(oldImage ? { OldImage: oldImage } : {}),
      SequenceNumber: sequenceNumber,
      SizeBytes: size,
      StreamViewType: viewType,
    },
    ...cause,
  }
}

/** Whether two items are the same. The order of a set's members does not count. A write that changes nothing leaves no record. */
export function isSame(one: unknown, other: unknown): boolean {
  if (typeof one !== 'object' || one === null || typeof other !== 'object' || other === null) {
    return one === other
  }
  if (Array.isArray(one) || Array.isArray(other)) {
    return (
      Array.isArray(one) &&
      Array.isArray(other) &&
      one.length === other.length &&
      one.every((member, at) => isSame(member, other[at]))
    )
  }
  const [mine, its] = [one as Record<string, unknown>, other as Record<string, unknown>]
  const names = Object.keys(mine)
  return (
    names.length === Object.keys(its).length &&
    names.every(name => name in its && isSame(sorted(name, mine[name]), sorted(name, its[name])))
  )
}

const SETS = new Set(['SS', 'NS', 'BS'])

/** A map may have an attribute of the name `SS`; its value is an object then, and no list. */
const sorted = (name: string, value: unknown): unknown =>
  SETS.has(name) && Array.isArray(value) ? [...value].sort() : value
