import { setTimeout as pause } from 'node:timers/promises'
import {
  ApiGatewayManagementApiClient,
  PostToConnectionCommand,
} from '@aws-sdk/client-apigatewaymanagementapi'
import { type Scene, Unmet } from '#kit'
import type { Row } from '../rows.ts'
import { newcomer, textsOf } from './list.ts'
import { stranger } from './strangers.ts'

/** Somebody who is connected and reads nothing: posts to them are refused, and not because they are gone. */
export interface SlowReader {
  readonly id: string
  readonly row: Row
  /** Takes in what has piled up. Resolves when they have caught up, and can be told things again. */
  readsOn(): Promise<void>
  /** Waits until they have been told this. Throws `Unmet`. */
  hears(said: string): Promise<void>
}

/** The most that a post may hold, in bytes (facts: E8). */
const MOST_BYTES = 128 * 1024
/** What still fits when that no longer does, in bytes. */
const CRUMBS = [8 * 1024, 512, 16]
/** How much is posted before we believe that nothing ever piles up: 128 MB. */
const MOST_POSTS = 1024
/** How long what was posted may need to get as far as the client's own machine, in milliseconds. */
const SETTLES_IN = 50

/**
 * Connects, stops reading, and posts until no more is taken: 429 LimitExceededException (facts: E9). What AWS's own
 * buffer holds it does not say, and the network's comes on top.
 */
export async function slowReader(scene: Scene, name: string): Promise<SlowReader> {
  const post = poster(scene)
  const before = await textsOf(scene)
  scene.did(`${name} connected`)
  // A paused socket answers no ping: the scene cannot listen on it.
  const socket = await stranger(scene)
  const heard: string[] = []
  socket.on('message', data => {
    if (!/^x+$/.test(String(data))) heard.push(String(data))
  })
  const { id, row } = await newcomer(scene, name, before)

  socket.pause()
  await fill(() => post(id, 'x'.repeat(MOST_BYTES)), 3)
  for (const size of CRUMBS) await fill(() => post(id, 'x'.repeat(size)), 1)
  scene.did(`${name} stopped reading, until API Gateway took no more for them`)

  return {
    id,
    row,
    async readsOn() {
      scene.did(`${name} read on`)
      socket.resume()
      const caughtUp = scene.nonce()
      // Over a new connection: the first one has been idle for so long that it may be closed just when it is used again.
      const postAgain = poster(scene)
      await scene.eventually(
        `${name} to be told things again`,
        async () => (await postAgain(id, caughtUp)) || undefined,
      )
      await hears(caughtUp)
    },
    hears,
  }

  async function hears(said: string): Promise<void> {
    await scene.eventually(
      `${name} to hear ${said}`,
      async () => heard.some(letter => letter === said || textIn(letter) === said) || undefined,
    )
  }
}

/** What was said, in a message as the room passes it on; undefined for any other. */
function textIn(letter: string): unknown {
  try {
    return JSON.parse(letter)?.text
  } catch {
    return undefined
  }
}

/** Posts until it is refused so many times on end. What was refused once may have been on its way through the network. */
async function fill(post: () => Promise<boolean>, refusals: number): Promise<void> {
  let refused = 0
  for (let posts = 0; posts < MOST_POSTS; posts += 1) {
    refused = (await post()) ? 0 : refused + 1
    if (refused === refusals) return
    if (refused > 0) await pause(SETTLES_IN)
  }
  throw new Error('A client that does not read was sent 128 MB, and it was not refused.')
}

/** Posts to a connection, once: answers whether the message was taken. */
function poster(scene: Scene): (id: string, message: string) => Promise<boolean> {
  const management = scene.aws(ApiGatewayManagementApiClient, {
    endpoint: scene.callbackUrl,
    maxAttempts: 1,
  })
  return async (ConnectionId, Data) => {
    try {
      await management.send(new PostToConnectionCommand({ ConnectionId, Data }))
      return true
    } catch (error) {
      const { name } = error as Error
      if (name === 'LimitExceededException') return false
      if (name !== 'GoneException') throw error
      throw new Unmet({
        expected: 'somebody who is slow to read to stay connected',
        observed: 'their connection was closed',
      })
    }
  }
}
