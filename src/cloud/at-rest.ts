import { setTimeout as pause } from 'node:timers/promises'
import type { Work } from './work.ts'

/**
 * How often on end nothing may be seen to go on until that is believed, and how far apart, in milliseconds: on its way from
 * one part of the cloud to the next, what happens is nowhere for a moment.
 */
const LOOKS = 5
const APART = 2
/** How long to wait where something goes on of which nobody tells the end, in milliseconds. */
const LOOK_AGAIN = 20

/** Resolves when none of the work is under way and all else is still. Rejects when `signal` aborts. */
export async function whenAtRest(
  work: readonly Pick<Work, 'settled' | 'isIdle'>[],
  isStill: () => boolean,
  signal: AbortSignal,
): Promise<void> {
  for (let looks = 0; looks < LOOKS; ) {
    for (const one of work) await unlessAborted(one.settled(), signal)
    const isQuiet = isStill() && work.every(one => one.isIdle())
    looks = isQuiet ? looks + 1 : 0
    await pause(isQuiet ? APART : LOOK_AGAIN, undefined, { signal })
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
