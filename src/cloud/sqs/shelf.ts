import type { Message } from './message.ts'

/** The messages of a queue, in the order in which they are to be received. */
export interface Shelf {
  readonly size: number
  get(messageId: string): Message | undefined
  all(): Iterable<Message>
  /** Puts it at the end, or in its place if it is there already. */
  put(message: Message): void
  remove(message: Message): void
  clear(): void
  /** Those that can be received, given which are visible. Nothing may be put or removed in between. */
  next(isVisible: (message: Message) => boolean): Iterable<Message>
  /** Lets others go first next time. */
  stepBack(message: Message): void
}

/** A standard queue's: each message is for itself. They come in the order sent, which AWS does not promise. */
export function standardShelf(): Shelf {
  const messages = new Map<string, Message>()
  return {
    get size() {
      return messages.size
    },
    get: id => messages.get(id),
    all: () => messages.values(),
    put: message => void messages.set(message.id, message),
    remove: ({ id }) => void messages.delete(id),
    clear: () => messages.clear(),
    *next(isVisible) {
      for (const message of messages.values()) if (isVisible(message)) yield message
    },
    stepBack() {},
  }
}

/**
 * A FIFO queue's: by message group. Whatever cannot be received holds up the rest of its group; of a group as many as
 * can be come one after another, and a group that has had its turn stands behind the others.
 */
export function fifoShelf(): Shelf {
  const messages = new Map<string, Message>()
  const groups = new Map<string, Map<string, Message>>()
  const groupOf = ({ groupId = '' }: Message) => groups.get(groupId) ?? new Map<string, Message>()

  return {
    get size() {
      return messages.size
    },
    get: id => messages.get(id),
    all: () => messages.values(),
    put(message) {
      messages.set(message.id, message)
      groups.set(message.groupId ?? '', groupOf(message).set(message.id, message))
    },
    remove(message) {
      messages.delete(message.id)
      const group = groupOf(message)
      group.delete(message.id)
      if (group.size === 0) groups.delete(message.groupId ?? '')
    },
    clear() {
      messages.clear()
      groups.clear()
    },
    *next(isVisible) {
      for (const group of groups.values()) {
        for (const message of group.values()) {
          if (!isVisible(message)) break
          yield message
        }
      }
    },
    stepBack(message) {
      const group = groupOf(message)
      if (groups.delete(message.groupId ?? '')) groups.set(message.groupId ?? '', group)
    },
  }
}
