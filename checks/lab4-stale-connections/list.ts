import { ApiGatewayManagementApiClient, GetConnectionCommand } from '@aws-sdk/client-apigatewaymanagementapi'
import { type Client, type Scene, Unmet } from '#kit'
import { type Row, rows } from '../rows.ts'

/** Somebody who came, and the row that they got. */
export interface Guest {
  readonly client: Client
  readonly id: string
  readonly row: Row
}

/** Connects, and waits for the row that was not there before and holds the id of an open connection. */
export async function guest(scene: Scene, name: string): Promise<Guest> {
  const before = await textsOf(scene)
  const client = await scene.connect(name)
  return { client, ...(await newcomer(scene, name, before)) }
}

/** Several, one after the other. */
export async function guests(scene: Scene, ...names: string[]): Promise<Guest[]> {
  const all: Guest[] = []
  for (const name of names) all.push(await guest(scene, name))
  return all
}

/** The rows there are, to tell those that come later. */
export const textsOf = async (scene: Scene): Promise<ReadonlySet<string>> =>
  new Set((await rows(scene)).map(text))

/** The row of an open connection that was not among those `before`, and the id it holds. Throws `Unmet`. */
export async function newcomer(
  scene: Scene,
  name: string,
  before: ReadonlySet<string>,
): Promise<{ id: string; row: Row }> {
  return scene.eventually(`a new row in the table, with the connection id of ${name}`, async () => {
    for (const row of await rows(scene)) {
      if (before.has(text(row))) continue
      for (const id of idsIn(row)) if (await isOpen(scene, id)) return { id, row }
    }
    return undefined
  })
}

/** Where the list has a connection, in the order in which it is read; -1 if it is not on it. */
export const place = (list: readonly Row[], id: string): number =>
  list.findIndex(row => text(row).includes(id))

/** Which of the connections are still on the list. */
export async function listed(scene: Scene, ids: readonly string[]): Promise<string[]> {
  const all = (await rows(scene)).map(text).join()
  return ids.filter(id => all.includes(id))
}

/** Holds when those who are there are all on the list. Throws `Unmet`. */
export async function areListed(scene: Scene, guests: readonly Guest[]): Promise<void> {
  const list = await rows(scene)
  for (const { id, client } of guests) {
    if (place(list, id) >= 0) continue
    throw new Unmet({
      expected: `the row of ${client.name}, who is still there, to stay in the table`,
      observed: `the row of ${client.name} is gone`,
    })
  }
}

/** The same guest, with the row as it is by now. Throws `Unmet` when it is no longer there. */
export async function asItIsNow(scene: Scene, guest: Guest): Promise<Guest> {
  await areListed(scene, [guest])
  const list = await rows(scene)
  return { ...guest, row: list[place(list, guest.id)]! }
}

/** Waits until none of the connections is on the list. Throws `Unmet`. */
export async function areForgotten(scene: Scene, ids: readonly string[], expected: string): Promise<void> {
  const ask = async () => (await listed(scene, ids)).length === 0 || undefined
  await scene.eventually(expected, ask, { stays: true })
}

/**
 * Whatever in a row could be a connection's id (facts: A47): wherever it stands, alone or as part of a key. What stands before it may
 * look like a part of it (`connection-`), but an id is base64: its length is a multiple of four.
 */
export function idsIn(row: Row): string[] {
  const found = text(row).match(/[A-Za-z0-9_-]{14,}={1,2}/g) ?? []
  return found.flatMap(one => {
    const lengths = Array.from({ length: Math.floor(one.length / 4) - 3 }, (_, index) => 16 + 4 * index)
    return [...lengths.map(length => one.slice(-length)), one]
  })
}

/** Whether there is such a connection (facts: E4, E6, E26). */
export async function isOpen(scene: Scene, id: string): Promise<boolean> {
  const management = scene.aws(ApiGatewayManagementApiClient, { endpoint: scene.callbackUrl })
  try {
    await management.send(new GetConnectionCommand({ ConnectionId: id }))
    return true
  } catch (error) {
    const { name } = error as Error
    if (name === 'GoneException' || name === 'BadRequestException') return false
    throw error
  }
}

export const text = (row: Row): string => JSON.stringify(row)
