import { awkward, type Client, type Scene } from '#kit'
import { addressOf, type Door } from './doors.ts'

/** Somebody at a counter, and the door by which they came. */
export interface Guest {
  readonly client: Client
  readonly door: Door
}

/** A guest whose order has been taken: the kitchen knows them by their connection. */
export interface Known extends Guest {
  readonly connectionId: string
}

/** Something that nobody has ordered before, and that only a faithful copy survives. Short ones fit into a report. */
export const something = ({ short = true } = {}): string => awkward({ actions: ['order'], short })

/** Connects by a door. */
export async function comes(scene: Scene, name: string, door: Door): Promise<Guest> {
  const client = await scene.connect(`${name} (${door.title})`, { url: addressOf(scene, door) })
  return { client, door }
}

/** Orders, and hears that the order is taken, and under which connection. Throws `Unmet`. */
export async function orders({ client, door }: Guest, text = something()): Promise<Known> {
  client.send({ action: 'order', text })
  const { connectionId } = await client.hears(
    (message: any) => message?.taken === text && typeof message.connectionId === 'string',
    { as: `{"taken": …, "connectionId": …}, with what it ordered` },
  )
  return { client, door, connectionId }
}

/** Hears that what it ordered is ready. Throws `Unmet`. */
export const isServed = ({ client }: Guest, text: string): Promise<unknown> =>
  client.hears({ ready: text }, { as: '{"ready": …}, with what it ordered' })

/** Orders, and hears that the order is taken and then that it is ready. Throws `Unmet`. */
export async function ordersAndIsServed(guest: Guest, text = something()): Promise<Known> {
  const known = await orders(guest, text)
  await isServed(guest, text)
  return known
}

/** Holds if none of these hears anything more. All are asked at the same time, so that they share one proof. Throws `Unmet`. */
export async function nobodyHearsMore(
  guests: readonly Guest[],
  { as = 'anything besides' }: { readonly as?: string } = {},
): Promise<void> {
  await Promise.all(guests.map(({ client }) => client.hearsNothing(() => true, { as })))
}
