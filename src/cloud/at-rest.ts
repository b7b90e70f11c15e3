import { setImmediate as turn } from 'node:timers/promises'
import type { Clock } from './clock.ts'
import type { Work } from './work.ts'

/**
 * Resolves when nothing is under way and nothing falls due within `ms`. Rejects when `signal` aborts.
 *
 * Everything that is handed over is counted from the moment at which one part of the cloud has it until the next part has it. What is
 * between two processes lies in a socket or a pipe, where nobody can count it. So once the count is zero the event loop turns twice: in
 * a turn it looks at every socket and pipe. What lay there has then begun, and is counted. No time decides.
 */
export async function whenAtRest(
  work: Pick<Work, 'settled' | 'isIdle' | 'begun'>,
  clock: Pick<Clock, 'isAnythingDue' | 'changes'>,
  ms: number,
  signal: AbortSignal,
): Promise<void> {
  for (;;) {
    await unlessAborted(whenIdle(work), signal)
    if (!clock.isAnythingDue(ms)) return
    await unlessAborted(clock.changes(), signal)
  }
}

/** Resolves when nothing is under way, whatever may fall due later. */
export async function whenIdle(work: Pick<Work, 'settled' | 'isIdle' | 'begun'>): Promise<void> {
  for (;;) {
    await work.settled()
    const { begun } = work
    await turn()
    await turn()
    if (work.isIdle() && work.begun === begun) return
  }
}

function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason)
    if (signal.aborted) return abort()
    signal.addEventListener('abort', abort, { once: true })
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort))
  })
}
