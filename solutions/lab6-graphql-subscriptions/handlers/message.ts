import type { User } from './connections.ts'

/** Something that was said: what travels on the topic, as JSON, and what a subscription selects from. */
export interface Message {
  /** The publisher gives it one. A message that comes again has the same. */
  readonly id: string
  readonly room: string
  readonly from: User
  readonly content: string
  readonly sentAt: string
}

/**
 * Reads a message that came from a queue. It takes over the members it knows, and no others.
 *
 * @throws Error when it is none: whatever is on the topic, others may have put there.
 */
export function readMessage(text: string): Message {
  const { id, room, from, content, sentAt } = JSON.parse(text) ?? {}
  const texts = { id, room, 'from.id': from?.id, 'from.displayName': from?.displayName, content, sentAt }
  const missing = Object.entries(texts).filter(([, value]) => typeof value !== 'string')
  if (missing.length > 0) throw new Error(`This is no message: no text for ${missing.map(([name]) => name)}`)
  if (Number.isNaN(Date.parse(sentAt))) throw new Error(`This is no message: ${sentAt} is no time`)
  return { id, room, from: { id: from.id, displayName: from.displayName }, content, sentAt }
}
