import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb'
import type { Client, Scene } from '#kit'
import { isAmong, isGone, type Row, rows } from '../rows.ts'

/** Somebody who came, and the row that they got. */
export interface Guest {
  readonly client: Client
  readonly row: Row
}

/** Connects, and waits for a row that was not there before. */
export async function guest(scene: Scene, name: string): Promise<Guest> {
  const before = await rows(scene)
  const client = await scene.connect(name)
  const [row] = await newRows(scene, before, 1, name)
  return { client, row: row! }
}

/** Waits until there are so many rows that were not there before. Throws `Unmet`. */
export function newRows(
  scene: Scene,
  before: readonly Row[],
  count: number,
  who: string,
): Promise<readonly Row[]> {
  const expected = count === 1 ? `a new row in the table, for ${who}` : `${count} new rows, for ${who}`
  const ask = async () => {
    const added = (await rows(scene)).filter(row => !isAmong(before, row))
    return added.length === count ? added : undefined
  }
  return scene.eventually(expected, ask, { stays: true })
}

/**
 * Leaves the row of somebody who is no longer there: what happens in real life whenever $disconnect does not run, as it
 * may not (facts: A30).
 */
export async function leaveGhost(scene: Scene, name: string): Promise<Row> {
  const somebody = await guest(scene, name)
  await somebody.client.leave()
  await isGone(scene, somebody)
  scene.did(`the check put the row of ${name} back`)
  await scene
    .aws(DynamoDBClient)
    .send(new PutItemCommand({ TableName: scene.output('TableName'), Item: somebody.row }))
  return somebody.row
}
