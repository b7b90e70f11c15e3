import { isDeepStrictEqual } from 'node:util'
import { type Client, howItCame, type Scene, shortened, textsIn, Unmet } from '#kit'
import { isGatewayError } from '../gateway-error.ts'
import { howFieldsDiffer } from './fields.ts'
import type { Message } from './messages.ts'

export const NEWER = 'graphql-transport-ws'
export const OLDER = 'graphql-ws'
export type Protocol = typeof NEWER | typeof OLDER

/** What a client asks for. */
export interface Asked {
  readonly query: string
  readonly variables?: Readonly<Record<string, unknown>>
  readonly operationName?: string
}

const words = {
  [NEWER]: { starts: 'subscribe', result: 'next', stops: 'complete' },
  [OLDER]: { starts: 'start', result: 'data', stops: 'stop' },
}

/** Comes with a protocol, says hello, and is acknowledged. */
export async function introduced(
  scene: Scene,
  name: string,
  { protocol = NEWER, displayName = name }: { protocol?: Protocol; displayName?: string } = {},
): Promise<Client> {
  const client = await scene.connect(name, { protocols: [protocol] })
  client.send({ type: 'connection_init', payload: { displayName } })
  await client.hears({ type: 'connection_ack' })
  return client
}

/** Begins an operation. */
export const asks = (client: Client, id: string, payload: Asked, protocol: Protocol = NEWER): void =>
  client.send({ id, type: words[protocol].starts, payload })

/** Ends a subscription. */
export const stops = (client: Client, id: string, protocol: Protocol = NEWER): void =>
  client.send({ id, type: words[protocol].stops })

/**
 * Waits until the subscriptions of these clients are kept. Nothing acknowledges a subscription; but when all is at rest and no
 * error has come, it is kept. From then on, and not before, they can be said to listen. Throws `Unmet`.
 */
export const listening = (...clients: readonly Client[]): Promise<void> => nothingElse(clients)

/** What was published, and what it means when a client hears it that should hear nothing. */
export interface Published {
  /** They have heard it. */
  readonly again?: readonly Message[]
  /** It was said before they subscribed. */
  readonly before?: readonly Message[]
  /** It was said somewhere else, or they no longer listen. */
  readonly elsewhere?: readonly Message[]
}

/** Holds if none of them hears anything more about any operation. They share one proof. Throws `Unmet`, which says what it was. */
export async function nothingElse(clients: readonly Client[], published: Published = {}): Promise<void> {
  const heard = await Promise.allSettled(clients.map(client => hearsNothingElse(client, published)))
  // Chance decides who hears it first. A report that names the same client each time can be compared.
  for (const one of heard) if (one.status === 'rejected') throw one.reason
}

async function hearsNothingElse(client: Client, published: Published): Promise<void> {
  let frame: any
  const isUnwanted = (one: any) => {
    if (isAboutAnOperation(one)) frame = one
    return isAboutAnOperation(one)
  }
  const as = 'anything besides'
  await client.hearsNothing(isUnwanted, { as }).catch(error => {
    if (!(error instanceof Unmet)) throw error
    const what = whatIsIn(frame, published)
    throw new Unmet({
      expected: error.expected,
      observed: `${client.name} heard ${what}: ${shortened(JSON.stringify(frame), 300)}`,
    })
  })
}

/** Results and errors. Pings, and a goodbye to an operation that was ended, are welcome. */
const isAboutAnOperation = (frame: any): boolean =>
  ['next', 'data', 'error'].includes(frame?.type) || isGatewayError(frame)

function whatIsIn(frame: any, { again = [], before = [], elsewhere = [] }: Published): string {
  if (isGatewayError(frame)) return 'that something failed'
  if (frame.type === 'error') return 'an error'
  const texts = new Set(textsIn(frame.payload))
  const isThere = ({ content, from, sentAt }: Message) =>
    [content, from.id, from.displayName, sentAt].some(text => texts.has(text))
  if (elsewhere.some(isThere)) return 'what it did not ask for'
  if (before.some(isThere)) return 'what was said before it subscribed'
  if (again.some(isThere)) return 'the same a second time'
  return 'something else'
}

/** Waits for a result with exactly this data. The finding says which fields differ, and how a text changed. Throws `Unmet`. */
export async function hearsResult(
  client: Client,
  id: string,
  data: object,
  protocol: Protocol = NEWER,
): Promise<void> {
  const type = words[protocol].result
  const isIt = (frame: any) =>
    frame?.type === type &&
    frame.id === id &&
    frame.payload?.errors === undefined &&
    isDeepStrictEqual(frame.payload?.data, data)
  const as = shortened(JSON.stringify({ id, type, payload: { data } }), 300)
  await client.hears(isIt, { as }).catch(error => {
    if (!(error instanceof Unmet)) throw error
    const { expected, observed } = error
    const came = client.unheard.map(read).find(frame => frame?.id === id)
    const hows = [came && howDataDiffers(data, came.payload?.data)].filter(Boolean)
    throw new Unmet({ expected, observed: [observed, ...hows].join('; ') })
  })
}

/** How what came differs from what was asked for, in words; undefined where nothing like it came. */
export function howDataDiffers(wanted: object, came: unknown): string | undefined {
  if (typeof came !== 'object' || came === null) return undefined
  const changed = textsIn(wanted)
    .map(sent => howItCame([came], sent))
    .find(Boolean)
  return changed ? `the text that was sent is among it, but ${changed.how}` : howFieldsDiffer(wanted, came)
}

/** Waits for the answer to a query or a mutation: its one result, and that it is complete. Throws `Unmet`. */
export async function isAnswered(
  client: Client,
  id: string,
  data: object,
  protocol: Protocol = NEWER,
): Promise<void> {
  await hearsResult(client, id, data, protocol)
  await client.hears({ type: 'complete', id })
}

function read(text: string): any {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
