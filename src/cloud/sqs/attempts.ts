import type { Received } from './queues.ts'

/** How long a FIFO queue knows a receive request again by its ReceiveRequestAttemptId: five minutes. */
const INTERVAL = 5 * 60 * 1000

/** What was handed out for which attempt, so that a client that lost the answer can ask for it again. */
export interface Attempts {
  earlier(attemptId: string, at: number): readonly Received[] | undefined
  remember(attemptId: string, received: readonly Received[], at: number): void
}

export function rememberAttempts(): Attempts {
  const known = new Map<string, { readonly received: readonly Received[]; readonly at: number }>()
  return {
    earlier(attemptId, at) {
      for (const [id, one] of known) if (at - one.at >= INTERVAL) known.delete(id)
      return known.get(attemptId)?.received
    },
    remember: (attemptId, received, at) => void known.set(attemptId, { received, at }),
  }
}
