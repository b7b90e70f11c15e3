import { ApiGatewayManagementApiClient, GetConnectionCommand } from '@aws-sdk/client-apigatewaymanagementapi'
import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb'
import { type Client, type Scene, Unmet } from '#kit'
import { isAmong, type Row, rows } from '../rows.ts'
import { type Topic, waiter } from './people.ts'

/** A client that waits, its connection, and the rows that its registrations made. */
export interface Registered {
  readonly client: Client
  readonly id: string
  /** When it connected, by AWS's clock, in seconds since 1970. */
  readonly connectedAt: number
  readonly rows: readonly Row[]
}

/** Connects, registers, and finds the rows of that. Nobody else may register meanwhile. Throws `Unmet`. */
export async function registered(
  scene: Scene,
  name: string,
  about: Topic | readonly Topic[],
): Promise<Registered> {
  const before = await rows(scene)
  const client = await waiter(scene, name, about)
  return { client, ...(await newConnection(scene, name, before)) }
}

/** The connection that is open and is in a row that was not there before, and all such rows. Throws `Unmet`. */
export async function newConnection(
  scene: Scene,
  name: string,
  before: readonly Row[],
): Promise<Omit<Registered, 'client'>> {
  const expected = `a row in the table whose key has the connection id of ${name}`
  return scene
    .eventually(expected, async () => {
      const added = (await rows(scene)).filter(row => !isAmong(before, row))
      const found = await connectionIn(scene, added)
      return found && { rows: added, ...found }
    })
    .catch(cannotBeFound)
}

/** Nothing else can be said then: the check knows rows by the connection in them. */
function cannotBeFound(error: unknown): never {
  if (!(error instanceof Unmet)) throw error
  const means =
    'The client was told that it is registered. The table in the output TableName got no row that has the id of its connection.'
  throw new Unmet({ expected: error.expected, observed: error.observed, means })
}

/**
 * Leaves the rows of a client that is no longer there, as happens whenever $disconnect does not run (facts: A30): a client registers
 * and leaves, and its rows are put back.
 */
export async function leaveGhost(scene: Scene, name: string, about: Topic): Promise<Registered> {
  const ghost = await registered(scene, name, about)
  await ghost.client.leave()
  await areOff(scene, [ghost])
  scene.did(`the check put the rows of ${name} back`)
  const dynamodb = scene.aws(DynamoDBClient)
  for (const Item of ghost.rows) {
    await dynamodb.send(new PutItemCommand({ TableName: scene.output('TableName'), Item }))
  }
  return ghost
}

/** Waits until the table has no row with the connection of any of them. Throws `Unmet`. */
export async function areOff(scene: Scene, gone: readonly Registered[], how = 'who left'): Promise<void> {
  const names = gone.map(({ client }) => client.name).join(', ')
  const ask = async () => {
    const all = (await rows(scene)).map(text).join()
    return gone.some(({ id }) => all.includes(id)) ? undefined : true
  }
  await scene.eventually(`the rows of ${names}, ${how}, to be gone from the table`, ask, { stays: true })
}

/** Holds if the rows of those who still wait are in the table. Throws `Unmet`. */
export async function areOn(scene: Scene, waiting: readonly Registered[]): Promise<void> {
  const all = (await rows(scene)).map(text).join()
  for (const { id, client } of waiting) {
    if (all.includes(id)) continue
    throw new Unmet({
      expected: `the rows of ${client.name}, who still waits, to stay in the table`,
      observed: `the rows of ${client.name} are gone`,
    })
  }
}

/** Whether the table has rows of one of these before rows of one of those, in the order in which it is read. */
export async function someComeBefore(
  scene: Scene,
  these: readonly Registered[],
  those: readonly Registered[],
): Promise<boolean> {
  const list = (await rows(scene)).map(text)
  const places = (of: readonly Registered[]) =>
    of.map(({ id }) => list.findIndex(row => row.includes(id))).filter(at => at >= 0)
  return Math.min(...places(these)) < Math.max(...places(those))
}

export const text = (row: Row): string => JSON.stringify(row)

/** The connection that is open and has its id in one of the rows. */
async function connectionIn(
  scene: Scene,
  added: readonly Row[],
): Promise<{ id: string; connectedAt: number } | undefined> {
  const management = scene.aws(ApiGatewayManagementApiClient, { endpoint: scene.callbackUrl })
  for (const id of new Set(added.flatMap(idsIn))) {
    try {
      const { ConnectedAt } = await management.send(new GetConnectionCommand({ ConnectionId: id }))
      return { id, connectedAt: Math.floor(Number(ConnectedAt) / 1000) }
    } catch (error) {
      if (!['GoneException', 'BadRequestException'].includes((error as Error).name)) throw error
    }
  }
  return undefined
}

/** The fewest and the most characters of a connection's id (facts: A47), with some to spare. */
const SHORTEST = 12
const LONGEST = 24

/** Whatever in a row could be a connection's id. Something may stand right before it: `connection-`, `conn_`, or anything else. */
function idsIn(row: Row): string[] {
  const found = text(row).match(/[A-Za-z0-9_-]{11,}={1,2}/g) ?? []
  return found.flatMap(whole => {
    const ends = Array.from({ length: LONGEST - SHORTEST + 1 }, (_, at) => whole.slice(-(SHORTEST + at)))
    // Most ids have sixteen characters. With nothing before it, it is the whole.
    return [whole, whole.slice(-16), ...ends]
  })
}
