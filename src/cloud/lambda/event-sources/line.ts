import type { Batch, Message } from './gathering.ts'

/**
 * Batches that wait for their turn. Of a FIFO queue's group only one is under way at a time, and after a failure the
 * rest of the group is let go: it comes back behind the message that failed.
 */
export interface Line {
  add(batch: Batch): void
  isEmpty(): boolean
  /** Takes the first batch that may go now. */
  next(): Batch | undefined
  /** A batch is through; `kept` are the messages that stay in the queue. */
  done(batch: Batch, kept: readonly Message[]): void
  clear(): void
}

export function startLine(): Line {
  const underWay = new Set<string>()
  let waiting: Batch[] = []

  return {
    add(batch) {
      waiting.push(batch)
    },
    isEmpty: () => waiting.length === 0,
    next() {
      // What stands further back must not overtake what it shares a group with.
      const before = new Set(underWay)
      const at = waiting.findIndex(batch => {
        const isFree = !groupsOf(batch.messages).some(group => before.has(group))
        for (const group of groupsOf(batch.messages)) before.add(group)
        return isFree
      })
      if (at === -1) return undefined
      const [batch] = waiting.splice(at, 1)
      for (const group of groupsOf(batch!.messages)) underWay.add(group)
      return batch
    },
    done({ messages }, kept) {
      for (const group of groupsOf(messages)) underWay.delete(group)
      const failed = new Set(groupsOf(kept))
      if (failed.size === 0) return
      waiting = waiting
        .map(({ messages, since }) => ({
          since,
          messages: messages.filter(({ group }) => group === undefined || !failed.has(group)),
        }))
        .filter(({ messages }) => messages.length > 0)
    },
    clear() {
      waiting = []
    },
  }
}

const groupsOf = (messages: readonly Message[]): readonly string[] =>
  messages.flatMap(({ group }) => (group === undefined ? [] : [group]))
