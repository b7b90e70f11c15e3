import type { Scene } from '#kit'
import { aMessage, inARow, type Message, publish } from '../newsroom/messages.ts'

/** What was published: messages, and among them what is none. */
export interface Mixed {
  readonly good: readonly Message[]
  /** A text in each of those that nobody can read. No message has it. */
  readonly marks: readonly string[]
}

/** Publishes six messages to a room, and four texts that are none: at the beginning, among them, and at the end. */
export async function publishWithPoison(scene: Scene, room: string): Promise<Mixed> {
  const good = inARow(scene, room, 6)
  const marks = Array.from({ length: 4 }, () => `poison-${scene.nonce()}`)
  const message = () => aMessage(scene, room, 'nobody can read this')
  const [first, second, third, fourth] = [
    `this is no JSON: ${marks[0]}`,
    JSON.stringify({ ...message(), id: marks[1], content: null }),
    JSON.stringify({ ...message(), id: marks[2], from: undefined }),
    JSON.stringify([marks[3]]),
  ] as const
  const [a, b, c, d, e, f] = good as [Message, Message, Message, Message, Message, Message]
  scene.did('a backend published six messages to the topic, and four among them that nobody can read')
  await publish(scene, first, a, b, second, c, d, third, e, f, fourth)
  return { good, marks }
}
