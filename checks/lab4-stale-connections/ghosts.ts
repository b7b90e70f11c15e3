import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import {
  BatchWriteItemCommand,
  DescribeTableCommand,
  DynamoDBClient,
  type WriteRequest,
} from '@aws-sdk/client-dynamodb'
import type { Scene } from '#kit'
import { type Row, rows } from '../rows.ts'
import { areForgotten, type Guest, isOpen, newcomer, place, text, textsOf } from './list.ts'
import { stranger } from './strangers.ts'

/** The most items that one BatchWriteItem takes. */
const BATCH = 25
/** How many batches are under way at a time. */
const AT_ONCE = 4
/** How many come and go before we believe that the list never has some of them on either side of everybody. */
const MOST_ROUNDS = 20

/**
 * Leaves rows of connections that are over: what remains whenever $disconnect does not run, as it may not (facts: A30). Clients come,
 * leave, and their rows are put back: so all that is in them is what the code under test wrote, whatever it derives from the id.
 * Answers with the ids.
 */
export async function leaveRowsBehind(scene: Scene, count: number): Promise<string[]> {
  const ghosts: { id: string; row: Row }[] = []
  for (let ghost = 1; ghost <= count; ghost += 1) {
    const before = await textsOf(scene)
    const socket = await stranger(scene)
    scene.listensOn(socket)
    ghosts.push(await newcomer(scene, 'somebody who leaves again', before))
    socket.close()
    await once(socket, 'close')
  }
  const ids = ghosts.map(({ id }) => id)
  await areForgotten(scene, ids, 'the rows of clients that left to be gone from the table')
  await write(
    scene,
    ghosts.map(({ row }) => row),
  )
  return ids
}

/** Leaves ghosts until the list has some before, between and after the guests: where a row comes to stand nobody can choose. */
export async function surroundWithGhosts(scene: Scene, guests: readonly Guest[]): Promise<string[]> {
  scene.did('the check left rows of clients that are gone before, between and after theirs')
  const ghosts: string[] = []
  for (let rounds = 0; rounds < MOST_ROUNDS; rounds += 1) {
    ghosts.push(...(await leaveRowsBehind(scene, 3)))
    const list = await rows(scene)
    const living = guests.map(({ id }) => place(list, id))
    const [first, last] = [Math.min(...living), Math.max(...living)]
    const dead = ghosts.map(id => place(list, id))
    const isThere = (wanted: (at: number) => boolean) => dead.some(wanted)
    if (isThere(at => at < first) && isThere(at => at > first && at < last) && isThere(at => at > last)) break
  }
  return ghosts
}

/** A row of a connection that never was. */
export interface Copy {
  readonly id: string
  readonly row: Row
}

/**
 * Leaves many rows at little cost: copies of the guests' rows with ids that nobody has. Some come to stand near the rows that they are
 * copies of, where the list is in order of ids, and some do not. What is derived from an id is that of the guest in them: nothing may
 * depend on whether such a row is deleted.
 */
export async function leaveCopies(
  scene: Scene,
  like: readonly Pick<Guest, 'row' | 'id'>[],
  count: number,
): Promise<Copy[]> {
  const copies = Array.from({ length: count }, (_, index) => {
    const original = like[index % like.length]!
    const id = madeUp(original.id)
    return { id, row: withId(original, id) }
  })
  const [first] = copies
  if (first && (await isOpen(scene, first.id)))
    throw new Error(`A made-up connection id is somebody's: ${first.id}`)
  await write(
    scene,
    copies.map(({ row }) => row),
  )
  return copies
}

/** Copies of one row. Answers with the ids. */
export const leaveGhosts = async (
  scene: Scene,
  like: Pick<Guest, 'row' | 'id'>,
  count: number,
): Promise<string[]> => (await leaveCopies(scene, [like], count)).map(({ id }) => id)

/** Where the made-up part of an id ends, in characters: the end stays, because AWS has it tell something (facts: D14). */
const MADE_UP = 11

/** An id that could be a connection's and is nobody's. */
function madeUp(id: string): string {
  const kept = Math.floor(Math.random() * 9)
  return id.slice(0, kept) + characters().slice(kept, MADE_UP) + id.slice(MADE_UP)
}

const characters = (): string => randomBytes(9).toString('base64url').replace(/^-/, 'A')

/** A row with every mention of the connection replaced. */
export const withId = ({ row, id }: Pick<Guest, 'row' | 'id'>, other: string): Row =>
  JSON.parse(text(row).replaceAll(id, other))

/** Writes rows into the table, over those that have the same key. */
export const write = (scene: Scene, items: readonly Row[]): Promise<void> =>
  request(
    scene,
    items.map(Item => ({ PutRequest: { Item } })),
  )

/** Deletes rows that the check itself has left, so that they do no harm to what is tried next. */
export async function takeAway(scene: Scene, items: readonly Row[]): Promise<void> {
  const TableName = scene.output('TableName')
  const { Table } = await scene.aws(DynamoDBClient).send(new DescribeTableCommand({ TableName }))
  const names = (Table?.KeySchema ?? []).map(({ AttributeName }) => AttributeName!)
  const keyOf = (item: Row) => Object.fromEntries(names.map(name => [name, item[name]!]))
  await request(
    scene,
    items.map(item => ({ DeleteRequest: { Key: keyOf(item) } })),
  )
}

async function request(scene: Scene, requests: readonly WriteRequest[]): Promise<void> {
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
