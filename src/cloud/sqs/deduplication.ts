import type { Sent } from './queues.ts'

/** SQS's deduplication interval: five minutes from the first message, however many duplicates follow. */
const INTERVAL = 5 * 60 * 1000

/** What a FIFO queue remembers of what was sent to it. */
export interface Deduplication {
  /** How the message ended that was sent first with these marks, if that is not long ago. */
  earlier(marks: Marks, at: number): Sent | undefined
  remember(marks: Marks, sent: Sent, at: number): void
  clear(): void
}

/** What two messages must have in common to be the same: the group only where the queue's DeduplicationScope says so. */
export interface Marks {
  readonly deduplicationId: string
  readonly groupId: string | undefined
}

export function rememberSent(): Deduplication {
  const known = new Map<string, { readonly sent: Sent; readonly at: number }>()
  // A space is in neither.
  const key = ({ deduplicationId, groupId = '' }: Marks) => `${deduplicationId} ${groupId}`
  return {
    earlier(marks, at) {
      // The oldest come first: what is behind the first that still counts, counts as well.
      for (const [key, one] of known) {
        if (at - one.at < INTERVAL) break
        known.delete(key)
      }
      return known.get(key(marks))?.sent
    },
    remember: (marks, sent, at) => void known.set(key(marks), { sent, at }),
    clear: () => known.clear(),
  }
}
