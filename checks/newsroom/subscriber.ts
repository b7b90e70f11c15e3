import { setTimeout as pause } from 'node:timers/promises'
import { isDeepStrictEqual } from 'node:util'
import { createClient, type FormattedExecutionResult } from 'graphql-ws'
import { WebSocket } from 'ws'
import { type Scene, shortened, Unmet } from '#kit'
import { type Asked, howDataDiffers } from './frames.ts'
import { aMessage, type Message, publish } from './messages.ts'

/** Somebody with the npm package `graphql-ws`, as it is, over `ws`. */
export interface Subscriber {
  /** Subscribes; `shows` says what data this document makes of a message. */
  subscribe(asked: Asked, shows: (message: Message) => object): Subscription
  /** Asks a query or a mutation, and answers with its data. Throws `Unmet` when there are errors, or more than one result. */
  ask(asked: Asked): Promise<any>
}

export interface Subscription {
  /** Waits for the result that a message makes, with exactly the fields asked for; it is then used up. Throws `Unmet`. */
  hears(message: Message): Promise<void>
  /**
   * Publishes messages to a room until one is heard. On AWS a queue's policy takes a while to be known, and SNS drops what a queue
   * refuses. What was published here may come late: it says nothing about what is asked for next. Throws `Unmet`.
   */
  listens(room: string): Promise<void>
  /** Holds if nothing has come that nobody has asked for, and the subscription goes on. Throws `Unmet`. */
  heardNothingElse(): Promise<void>
}

type Result = FormattedExecutionResult<any, unknown>

/** How long to wait for one message before another is published, in milliseconds. */
const ONE_TRY = 1_000
/** How often to look whether a result is there, in milliseconds. */
const LOOK = 10

export function subscriber(scene: Scene, name: string): Subscriber {
  const client = createClient({
    url: scene.output('Url'),
    webSocketImpl: WebSocket,
    connectionParams: { displayName: name },
    retryAttempts: 0,
  })
  client.on('opened', socket => {
    scene.listensOn(socket as WebSocket)
    scene.saw(`${name} connected, subprotocol ${(socket as WebSocket).protocol}`)
  })
  client.on('message', message => scene.saw(`${name} < ${JSON.stringify(message)}`))
  client.on('closed', event => scene.saw(`${name} closed ${(event as { code?: number }).code}`))
  scene.atTheEnd(() => client.dispose())
  let isIn = false
  client.on('connected', () => {
    isIn = true
  })
  client.on('closed', () => {
    isIn = false
  })
  /** Until somebody is in, or has failed to get in, the scene knows nothing of their socket: a silence proves nothing. */
  const comesIn = async (hasFailed: () => boolean) => {
    while (!isIn && !hasFailed()) await pause(LOOK)
  }
  scene.did(`${name} came with graphql-ws`)

  return {
    subscribe(asked, shows) {
      scene.did(`${name} subscribed with ${inOneLine(asked)}`)
      const results: Result[] = []
      const tries: Message[] = []
      const taken: unknown[] = []
      let ended = ''
      // The package comes back by itself after a normal closure. What is said meanwhile it does not hear.
      client.on('closed', event => {
        ended ||= `the connection was closed with ${(event as { code?: number }).code}`
      })
      client.subscribe(asked, {
        next: result => void results.push(result),
        error: error => {
          ended = `the subscription failed: ${inWords(error)}`
        },
        complete: () => {
          ended ||= 'the subscription was completed'
        },
      })
      const fits = (result: Result, message: Message) =>
        !result.errors && isDeepStrictEqual(plain(result.data), plain(shows(message)))
      const take = (message: Message): true | undefined => {
        const index = results.findIndex(result => fits(result, message))
        if (index < 0) return undefined
        taken.push(...results.splice(index, 1).map(({ data }) => plain(data)))
        return true
      }
      const unasked = () => results.filter(result => !tries.some(message => fits(result, message)))
      /** What came instead. Nothing will come any more when the subscription has ended. */
      const instead = (message: Message, expected: string) => {
        const [last] = unasked().slice(-1)
        const how = last && howDataDiffers(plain(shows(message)), plain(last.data))
        const heard = last ? shortened(inOneLine(last), 300) : 'silence'
        return new Unmet({ expected, observed: [heard, ended, how].filter(Boolean).join('; ') })
      }
      const words = (message: Message) =>
        `${name} to hear ${shortened(inOneLine({ data: shows(message) }), 300)}`

      return {
        async hears(message) {
          const expected = words(message)
          await comesIn(() => ended !== '')
          await scene
            .eventually(expected, async () => take(message) ?? stopped())
            .catch(unmet => {
              throw unmet instanceof Unmet ? instead(message, expected) : unmet
            })
        },
        async listens(room) {
          scene.did(`a backend published messages to the topic until ${name} heard one`)
          const expected = words(aMessage(scene, room))
          const publishAndLook = async () => {
            const message = aMessage(scene, room)
            tries.push(message)
            await publish(scene, message)
            for (const until = Date.now() + ONE_TRY; Date.now() < until; await pause(LOOK))
              if (stopped() || tries.some(one => take(one))) return true
            return undefined
          }
          await comesIn(() => ended !== '')
          await scene.eventually(expected, publishAndLook).catch(unmet => {
            throw unmet instanceof Unmet ? instead(tries.at(-1)!, expected) : unmet
          })
        },
        async heardNothingElse() {
          const expected = `${name} to hear nothing besides, and to stay subscribed`
          const [more] = unasked()
          if (more) {
            const isRepeated = taken.some(one => isDeepStrictEqual(one, plain(more.data)))
            const what = isRepeated ? 'the same a second time' : 'something else'
            throw new Unmet({
              expected,
              observed: `${name} heard ${what}: ${shortened(inOneLine(more), 300)}`,
            })
          }
          if (ended) throw new Unmet({ expected, observed: ended })
        },
      }

      function stopped(): undefined {
        if (ended) throw new Unmet({ expected: `${name} to stay subscribed`, observed: ended })
      }
    },
    async ask(asked) {
      scene.did(`${name} asked ${inOneLine(asked)}`)
      const results: Result[] = []
      let ended: string | undefined
      client.subscribe(asked, {
        next: result => void results.push(result),
        error: error => {
          ended = inWords(error)
        },
        complete: () => {
          ended ??= 'complete'
        },
      })
      const expected = `${name} to have one result for ${inOneLine(asked)}, and the operation to be completed`
      const tell = (): never => {
        const observed = [...results.map(inOneLine), ended ?? 'nothing that completes it'].join(' and ')
        throw new Unmet({ expected, observed })
      }
      await comesIn(() => ended !== undefined)
      await scene
        .eventually(expected, async () => ended)
        .catch(error => {
          throw error instanceof Unmet ? tell() : error
        })
      const [result] = results
      if (ended === 'complete' && results.length === 1 && result?.data && !result.errors)
        return plain(result.data)
      return tell()
    },
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
