import { setTimeout as pause } from 'node:timers/promises'
import { isDeepStrictEqual } from 'node:util'
import { createClient, type FormattedExecutionResult, type SubscribePayload } from 'graphql-ws'
import { WebSocket } from 'ws'
import { type Scene, Unmet } from '#kit'
import { aMessage, listens, type Message } from './said.ts'

/** Somebody with the npm package `graphql-ws`, as it is, over `ws`. */
export interface Subscriber {
  readonly name: string
  /** Subscribes to a room; `shows` says what data this document makes of a message. Nothing else is to come. */
  subscribe(asked: SubscribePayload, room: string, shows: (message: Message) => object): Subscription
  /** Asks a query or a mutation, and answers with its data. Throws `Unmet` when there are errors, or more than one result. */
  ask(asked: SubscribePayload): Promise<any>
}

export interface Subscription {
  /** Waits until others' messages reach this subscription. Throws `Unmet`. */
  listens(): Promise<void>
  /** Waits for the result that a message makes, with exactly the fields asked for; it is then used up. Throws `Unmet`. */
  hears(message: Message): Promise<void>
  /** Whether it comes within so many milliseconds; it is then used up. */
  hasHeard(message: Message, within: number): Promise<boolean>
  /** How many results are there for a message that nobody has used up. */
  unheard(message: Message): number
  /** What is there that nobody has used up, and holds this text. */
  mentions(text: string): readonly unknown[]
  unsubscribe(): void
}

/** How long a silence must last to be believed, in milliseconds. */
export const QUIET = 300
/** How often to look whether a result is there, in milliseconds. */
const LOOK = 20

export function subscriber(scene: Scene, name: string): Subscriber {
  const client = createClient({
    url: scene.output('Url'),
    webSocketImpl: WebSocket,
    connectionParams: { displayName: name },
    retryAttempts: 0,
  })
  client.on('opened', socket => scene.saw(`${name} connected, subprotocol ${(socket as WebSocket).protocol}`))
  client.on('message', message => scene.saw(`${name} < ${JSON.stringify(message)}`))
  client.on('closed', event => scene.saw(`${name} closed ${(event as { code?: number }).code}`))
  scene.atTheEnd(() => client.dispose())
  scene.did(`${name} came with graphql-ws`)

  return {
    name,
    subscribe(asked, room, shows) {
      scene.did(`${name} subscribed with ${inOneLine(asked)}`)
      const results: FormattedExecutionResult<any, unknown>[] = []
      /** What was published only to find out who listens. Any of it may come late, and says nothing about what is asked for next. */
      const triedWith: Message[] = []
      let ended = ''
      const unsubscribe = client.subscribe(asked, {
        next: result => void results.push(result),
        error: error => {
          ended = `the subscription failed: ${inWords(error)}`
        },
        complete: () => {
          ended ||= 'the subscription was completed'
        },
      })
      const fits = (result: FormattedExecutionResult<any, unknown>, message: Message) =>
        !result.errors && isDeepStrictEqual(plain(result.data), plain(shows(message)))
      const take = (message: Message) => {
        const index = results.findIndex(result => fits(result, message))
        return index >= 0 && results.splice(index, 1).length > 0
      }
      const whatCame = () => {
        const told = results.filter(result => !triedWith.some(message => fits(result, message)))
        return [told.length > 0 ? told.slice(-3).map(inOneLine).join(' and ') : 'silence', ended]
          .filter(Boolean)
          .join('; ')
      }
      const said = (expected: string) => (error: unknown) => {
        throw error instanceof Unmet ? new Unmet({ expected, observed: whatCame() }) : error
      }

      const subscription: Subscription = {
        async listens() {
          const tried = await listens(scene, name, room, subscription.hasHeard).catch(
            said(`${name} to hear ${inOneLine({ data: shows(aMessage(scene, room)) })}`),
          )
          triedWith.push(...tried)
        },
        async hears(message) {
          const expected = `${name} to hear ${inOneLine({ data: shows(message) })}`
          await scene.eventually(expected, async () => take(message) || undefined).catch(said(expected))
        },
        async hasHeard(message, within) {
          for (const until = Date.now() + within; ; await pause(LOOK)) {
            if (take(message)) return true
            // Nothing will come any more.
            if (ended) throw new Unmet({ expected: `${name} to stay subscribed`, observed: ended })
            if (Date.now() >= until) return false
          }
        },
        unheard: message => results.filter(result => fits(result, message)).length,
        mentions: text => results.filter(result => JSON.stringify(result).includes(text)),
        unsubscribe() {
          scene.did(`${name} unsubscribed`)
          unsubscribe()
        },
      }
      return subscription
    },
    async ask(asked) {
      scene.did(`${name} asked ${inOneLine(asked)}`)
      const results: FormattedExecutionResult<any, unknown>[] = []
      const outcome = new Promise<string>(resolve => {
        client.subscribe(asked, {
          next: result => void results.push(result),
          error: error => resolve(inWords(error)),
          complete: () => resolve('completed'),
        })
      })
      let ended: string | undefined
      void outcome.then(how => {
        ended = how
      })
      const expected = `${name} to have one result for ${inOneLine(asked)}, and the operation to be completed`
      await scene.eventually(expected, async () => ended).catch(tell)
      const [result] = results
      if (ended === 'completed' && results.length === 1 && result?.data && !result.errors)
        return plain(result.data)
      return tell(new Unmet({ expected, observed: '' }))

      function tell(error: unknown): never {
        if (!(error instanceof Unmet)) throw error
        const observed = [...results.map(inOneLine), ended ?? 'nothing that ends it'].join(' and ')
        throw new Unmet({ expected, observed })
      }
    },
  }
}

/** Holds when nobody hears any of these messages, which they have heard, once more. Throws `Unmet`. */
export async function heardNoMoreOf(
  messages: readonly Message[],
  of: Readonly<Record<string, Subscription>>,
): Promise<void> {
  await pause(QUIET)
  for (const [name, subscription] of Object.entries(of)) {
    for (const message of messages) {
      const more = subscription.unheard(message)
      if (more === 0) continue
      throw new Unmet({
        expected: `${name} to hear ${message.content} once`,
        observed: `${name} heard it ${more + 1} times`,
      })
    }
  }
}

/** Without GraphQL's objects that have no prototype. */
const plain = (value: unknown): any => JSON.parse(JSON.stringify(value ?? null))

const inOneLine = (value: unknown): string => JSON.stringify(value).replaceAll(/(\\n| )+/g, ' ')

/** An error frame's payload, a close event, or an error. */
function inWords(error: unknown): string {
  if (Array.isArray(error)) return `an error frame with ${JSON.stringify(error)}`
  const { code, reason, message } = error as { code?: unknown; reason?: string; message?: string }
  return (
    message ??
    (code === undefined ? String(error) : `the connection was closed with ${code} ${reason ?? ''}`.trim())
  )
}
