import { awkward, type Client, named, type Scene } from '#kit'

/** The actions of the shop. */
const ACTIONS = ['quote', 'order', 'seen', 'ping'] as const

/** In cents, for each character. */
const PRICE = 30

/** What a client sends, and the one answer to it. */
export interface Request {
  readonly message: Readonly<Record<string, unknown>>
  readonly answer: Readonly<Record<string, unknown>>
}

/** Makes a request with a text that only a faithful copy survives, and with an id that is awkward, too. */
export type Kind = (given?: { readonly id?: string; readonly text?: string }) => Request

export const quote: Kind = ({ id = anId(), text = words() } = {}) => ({
  message: { action: 'quote', id, text },
  answer: { id, text, price: text.length * PRICE },
})

export const order: Kind = ({ id = anId(), text = words() } = {}) => ({
  message: { action: 'order', id, text },
  answer: { id, text, ordered: true },
})

export const ping: Request = { message: { action: 'ping' }, answer: { pong: true } }

/** Something that nobody has said before. Short ones fit into a report. */
export const words = ({ short = true } = {}): string => awkward({ actions: ACTIONS, short })

/** A fresh id with a letter that is not ASCII. */
export const anId = (): string => named(1)[0]!

/** Fresh ids of every kind: with an umlaut, in capitals, as long as an id may be, with an apostrophe, not Latin, with signs. */
export const idsOfEachKind = (): string[] => named(6)

/** The text of a request that a newcomer can read. */
export const plain = (scene: Scene, name: string) => ({ text: `For ${name}, ${scene.nonce()}` })

/** A client sends a request, and hears the answer before it says anything else. Throws `Unmet`. */
export async function isAnswered(client: Client, { message, answer }: Request): Promise<void> {
  client.send(message)
  await client.hears(answer)
}

/** The welcome of a shop: `{"welcome":"<connection id>"}`, perhaps with more members. */
export const isWelcome = (message: any): boolean => typeof message?.welcome === 'string'

/** Clients hear nothing more; a welcome does not count, if it comes at all. Throws `Unmet`. */
export async function hearNothingElse(...clients: readonly Client[]): Promise<void> {
  await Promise.all(
    clients.map(client =>
      client.hearsNothing(message => !isWelcome(message), { as: 'anything besides the answers' }),
    ),
  )
}

/** A customer, who has been welcomed. */
export interface Customer {
  readonly client: Client
  /** The connection id of the welcome. */
  readonly id: string
}

/** Somebody comes, says nothing, and is welcomed. Throws `Unmet`. */
export async function arrives(scene: Scene, name: string): Promise<Customer> {
  return welcomed(await scene.connect(name))
}

/** Waits for the welcome. Throws `Unmet`. */
export async function welcomed(client: Client): Promise<Customer> {
  const { welcome } = await client.hears(isWelcome, { as: 'a welcome, {"welcome":"<its connection id>"}' })
  return { client, id: welcome }
}

/** Clients hear nothing more, whatever it is. Throws `Unmet`. */
export async function hearNothing(...customers: readonly Customer[]): Promise<void> {
  await Promise.all(
    customers.map(({ client }) =>
      client.hearsNothing(() => true, { as: 'anything besides one welcome and the answers' }),
    ),
  )
}
