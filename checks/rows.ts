import {
  type AttributeValue,
  DynamoDBClient,
  paginateScan,
  ResourceNotFoundException,
} from '@aws-sdk/client-dynamodb'
import { type Client, type Scene, Unmet } from '#kit'

/** A row of the table of connections. What is in it, and by what key, is the stack's own affair. */
export type Row = Readonly<Record<string, AttributeValue>>

/** Every row there is, in the order in which a scan finds them: it does not change while they stay. Throws `Unmet` when there is no such table. */
export async function rows(scene: Scene): Promise<Row[]> {
  const TableName = scene.output('TableName')
  const found: Row[] = []
  const pages = paginateScan({ client: scene.aws(DynamoDBClient) }, { TableName, ConsistentRead: true })
  try {
    for await (const page of pages) found.push(...(page.Items ?? []))
  } catch (error) {
    // The stack's own output leads nowhere: that must be fixed in the stack.
    if (!(error instanceof ResourceNotFoundException)) throw error
    throw new Unmet({
      expected: 'the output TableName to name the table of connections',
      observed: `DynamoDB has no table ${TableName}`,
    })
  }
  return found
}

/** Waits until somebody's row is no longer there. Throws `Unmet`. */
export async function isGone(
  scene: Scene,
  { row, client }: { readonly row: Row; readonly client: Client },
): Promise<void> {
  const ask = async () => (isAmong(await rows(scene), row) ? undefined : true)
  await scene.eventually(`the row of ${client.name}, who left, to be gone from the table`, ask, {
    stays: true,
  })
}

export const isAmong = (all: readonly Row[], one: Row): boolean => placeOf(all, one) >= 0

/** Where in the list a row is; -1 if it is not there. */
export const placeOf = (all: readonly Row[], one: Row): number =>
  all.findIndex(row => text(row) === text(one))

const text = (row: Row): string => JSON.stringify(Object.entries(row).sort(([a], [b]) => (a < b ? -1 : 1)))
