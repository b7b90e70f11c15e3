import {
  type AttributeValue,
  DynamoDBClient,
  PutItemCommand,
  paginateScan,
  ResourceNotFoundException,
} from '@aws-sdk/client-dynamodb'
import { type Client, type Scene, Unmet } from '#kit'

/** A row of the table of connections. What is in it, and by what key, is the stack's own affair. */
export type Row = Readonly<Record<string, AttributeValue>>

/** Somebody who came, and the row that they got. */
export interface Guest {
  readonly client: Client
  readonly row: Row
}

/** Connects, and waits for a row that was not there before. */
export async function guest(scene: Scene, name: string): Promise<Guest> {
  const before = await rows(scene)
  const client = await scene.connect(name)
  const row = await scene.eventually(`a new row in the table, for ${name}`, async () =>
    (await rows(scene)).find(candidate => !isAmong(before, candidate)),
  )
  return { client, row }
}

/** Every row there is, in the order in which a scan finds them: it does not change while they stay. */
export async function rows(scene: Scene): Promise<Row[]> {
  const found: Row[] = []
  const pages = paginateScan(
    { client: scene.aws(DynamoDBClient) },
    { TableName: tableName(scene), ConsistentRead: true },
  )
  try {
    for await (const page of pages) found.push(...(page.Items ?? []))
  } catch (error) {
    // The stack's own output leads nowhere: that is the stack's to mend.
    if (!(error instanceof ResourceNotFoundException)) throw error
    throw new Unmet({
      expected: 'the output TableName to name the table of connections',
      observed: `DynamoDB has no table ${tableName(scene)}`,
    })
  }
  return found
}

/** Waits until a row is no longer there. */
export async function isGone(scene: Scene, { row, client }: Guest): Promise<void> {
  await scene.eventually(`the row of ${client.name}, who left, to be gone from the table`, async () =>
    isAmong(await rows(scene), row) ? undefined : true,
  )
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
    .send(new PutItemCommand({ TableName: tableName(scene), Item: somebody.row }))
  return somebody.row
}

export const isAmong = (all: readonly Row[], one: Row): boolean => place(all, one) >= 0

/** Where in the list a row is. */
export const place = (all: readonly Row[], one: Row): number => all.findIndex(row => text(row) === text(one))

const tableName = (scene: Scene): string => scene.output('TableName')

const text = (row: Row): string => JSON.stringify(Object.entries(row).sort(([a], [b]) => (a < b ? -1 : 1)))
