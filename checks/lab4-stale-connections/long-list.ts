import { DynamoDBClient, paginateScan } from '@aws-sdk/client-dynamodb'
import type { Scene } from '#kit'
import { type Row, rows } from '../rows.ts'
import { type Copy, leaveCopies, write } from './ghosts.ts'
import { type Guest, guests, place, text } from './list.ts'

/** How many rows of nobody are left. */
export const MANY = 600
/** As many come as make it nearly certain that rows of nobody stand between any two of them. */
const NAMES = ['ana', 'ben', 'cyd', 'dan', 'eve', 'fay', 'gus', 'hal']
/** What a heavy row carries besides. An item holds 400 KB at most. */
const LUGGAGE = { luggage: { S: 'x'.repeat(380_000) } }
/** As many heavy rows as one answer of DynamoDB cannot hold: it ends with the row that takes it to a megabyte. */
const MORE_THAN_A_PAGE = 3
/** How often more rows are left before we believe that these guests can stand on no three pages. */
const MOST_ROUNDS = 5

/**
 * Makes a list of three pages and more, as a scan reads it, with guests on the first, on the last and on one between. Between the first
 * and the last there are `many` rows of nobody or nearly so many, most of them on one page. Answers with the guests.
 */
export async function longList(scene: Scene, many: number): Promise<readonly Guest[]> {
  const everybody = await guests(scene, ...NAMES)
  const copies: Copy[] = []
  for (let rounds = 0; rounds < MOST_ROUNDS; rounds += 1) {
    copies.push(...(await leaveCopies(scene, everybody, rounds === 0 ? many : BATCH_MORE)))
    const heavy = heavyRows(await rows(scene), everybody, copies)
    if (!heavy) continue
    await write(
      scene,
      heavy.map(({ row }) => ({ ...row, ...LUGGAGE })),
    )
    const pages = await pagesOf(scene, everybody)
    scene.did(`the check left ${copies.length} rows of nobody, on ${pages.length} pages`)
    const withGuests = pages.filter(count => count > 0).length
    if (withGuests >= 3 && pages.at(-1)! > 0) return everybody
    throw new Error(`The guests stand on ${withGuests} of the pages only: ${pages.join()}`)
  }
  throw new Error(`However many rows were left, there were too few between the guests.`)
}

const BATCH_MORE = 100

/**
 * The copies that, made heavy, end a page behind the first guests and another one before the last guests, as close to either end of the
 * list as can be. Undefined where there are not enough of them.
 */
function heavyRows(
  list: readonly Row[],
  everybody: readonly Guest[],
  copies: readonly Copy[],
): Copy[] | undefined {
  const living = everybody.map(({ id }) => place(list, id)).sort((a, b) => a - b)
  const byPlace = copies.map(copy => ({ copy, at: place(list, copy.id) }))
  const gaps = living.slice(1).map((end, index) => {
    const inside = byPlace.filter(({ at }) => at > living[index]! && at < end)
    return inside.slice(0, MORE_THAN_A_PAGE).map(({ copy }) => copy)
  })
  const wide = gaps.filter(gap => gap.length === MORE_THAN_A_PAGE)
  return wide.length < 2 ? undefined : [...wide.at(0)!, ...wide.at(-1)!]
}

/** How many of the guests stand on each page of the list. */
async function pagesOf(scene: Scene, everybody: readonly Guest[]): Promise<number[]> {
  const pages: number[] = []
  const TableName = scene.output('TableName')
  for await (const { Items = [] } of paginateScan(
    { client: scene.aws(DynamoDBClient) },
    { TableName, ConsistentRead: true },
  )) {
    const page = Items.map(text).join()
    pages.push(everybody.filter(({ id }) => page.includes(id)).length)
  }
  return pages
}
