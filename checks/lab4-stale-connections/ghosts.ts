import { randomBytes } from 'node:crypto'
import { BatchWriteItemCommand, DynamoDBClient, type WriteRequest } from '@aws-sdk/client-dynamodb'
import type { Scene } from '#kit'
import { type Row, rows } from '../rows.ts'
import { type Guest, isOpen, place, text } from './list.ts'

/** The most items that one BatchWriteItem takes. */
const BATCH = 25
/** How many batches are under way at a time. */
const AT_ONCE = 4

/**
 * Leaves rows of connections that are not there: what remains whenever $disconnect does not run, as it may not (facts: A30).
 * They are copies of a real row, with other ids, and with `luggage` if there is any. Answers with the ids.
 */
export async function leaveGhosts(
  scene: Scene,
  like: Guest,
  count: number,
  { luggage = {}, madeUp = anyLike }: { luggage?: Row; madeUp?: (id: string) => string } = {},
): Promise<string[]> {
  const ids = Array.from({ length: count }, () => madeUp(like.id))
  if (await isOpen(scene, ids[0] ?? '')) throw new Error(`A made-up connection id is somebody's: ${ids[0]}`)
  await write(
    scene,
    ids.map(id => ({ PutRequest: { Item: { ...withId(like, id), ...luggage } } })),
  )
  return ids
}

/** Leaves ghosts until the list has some before, between and after the guests: where a row comes to stand nobody can choose. */
export async function surroundWithGhosts(
  scene: Scene,
  guests: readonly [Guest, ...Guest[]],
): Promise<string[]> {
  scene.did('the check left rows of nobody before, between and after theirs')
  const ghosts: string[] = []
  for (let rounds = 0; rounds < 20; rounds += 1) {
    ghosts.push(...(await leaveGhosts(scene, guests[0], 5)))
    const list = await rows(scene)
    const living = guests.map(({ id }) => place(list, id))
    const [first, last] = [Math.min(...living), Math.max(...living)]
    const dead = ghosts.map(id => place(list, id))
    const isThere = (wanted: (at: number) => boolean) => dead.some(wanted)
    if (isThere(at => at < first) && isThere(at => at > first && at < last) && isThere(at => at > last)) break
  }
  return ghosts
}

/** How much of an id we make up, in characters from its beginning: the end stays, because AWS has it tell something (facts: D14). */
const MADE_UP = 8

/** An id that could be a connection's and is nobody's. Where a list is in order of ids, some come close to the real one, some do not. */
function anyLike(id: string): string {
  const kept = Math.floor(Math.random() * 5)
  return id.slice(0, kept) + characters().slice(kept, MADE_UP) + id.slice(MADE_UP)
}

/** The same, with a digit in front: where a list is in order of ids, it comes before most. */
export const earlyLike = (id: string): string =>
  Math.floor(Math.random() * 10) + characters().slice(1, MADE_UP) + id.slice(MADE_UP)

const characters = (): string => randomBytes(6).toString('base64url').replace(/^-/, 'A')

/** A row with every mention of the connection replaced. */
const withId = ({ row, id }: Guest, other: string): Row => JSON.parse(text(row).replaceAll(id, other))

async function write(scene: Scene, requests: readonly WriteRequest[]): Promise<void> {
  const client = scene.aws(DynamoDBClient)
  const tableName = scene.output('TableName')
  const batches: WriteRequest[][] = []
  for (let at = 0; at < requests.length; at += BATCH) batches.push(requests.slice(at, at + BATCH))

  const writeSome = async () => {
    for (let batch = batches.pop(); batch; batch = batches.pop()) {
      const { UnprocessedItems = {} } = await client.send(
        new BatchWriteItemCommand({ RequestItems: { [tableName]: batch } }),
      )
      const left = UnprocessedItems[tableName]
      if (left?.length) batches.push(left)
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, writeSome))
}
