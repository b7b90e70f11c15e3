import type { User } from './connections.ts'

/** Something that was said. It travels on the topic as JSON, and subscriptions select from it. */
export interface Message {
  /** From the publisher. A message that is published again has the same. */
  readonly id: string
  readonly room: string
  readonly from: User
  readonly content: string
  readonly sentAt: string
}

/**
 * Reads a message that came from a queue. It takes over only the members that it knows.
 *
 * @throws Error when it is none: others publish to the topic as well.
 */
export function readMessage(text: string): Message {
  const { id, room, from, content, sentAt } = JSON.parse(text) ?? {}
  const texts = { id, room, 'from.id': from?.id, 'from.displayName': from?.displayName, content, sentAt }
  const missing = Object.entries(texts).filter(([, value]) => typeof value !== 'string')
  if (missing.length > 0) throw new Error(`This is no message: no text for ${missing.map(([name]) => name)}`)
  if (Number.isNaN(Date.parse(sentAt))) throw new Error(`This is no message: ${sentAt} is no time`)
  return { id, room, from: { id: from.id, displayName: from.displayName }, content, sentAt }
}
