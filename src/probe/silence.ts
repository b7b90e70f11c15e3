import { setMaxListeners } from 'node:events'
import { setImmediate as turn } from 'node:timers/promises'
import type { Transcript } from './transcript.ts'

/**
 * Whether it is certain that nobody in the scene will hear anything more, unless somebody does something. Answers when that
 * is so, or cannot be known, or `signal` aborts.
 */
export type Silence = (signal: AbortSignal) => Promise<boolean>

/** Nobody can tell: a silence has to be waited for. */
export const cannotTell: Silence = async () => false

/** A socket of the scene's. */
export interface Line {
  /** Resolves when whatever had been said before, on either side, has been heard on the other; or when the connection has ended. */
  there(signal: AbortSignal): Promise<void>
  readonly isOpen: boolean
}

/** A proof that is about to begin, and how many wait for it. */
interface Proof {
  readonly answer: Promise<boolean>
  readonly over: AbortController
  waiting: number
}

/**
 * Proves a silence: what the clients have said has arrived, nothing that came of it is under way any more, and what came of
 * it has arrived too. Where others act besides the clients, in a page, a program or another process, nobody knows what they are about.
 */
export function silence(
  atRest: ((signal: AbortSignal) => Promise<number>) | undefined,
  lines: readonly Line[],
  transcript: Transcript,
  areOthersHere: () => boolean,
): Silence {
  if (!atRest) return cannotTell
  let last: Promise<unknown> = Promise.resolve()
  let next: Proof | undefined

  // Those who ask at the same time share a proof. One that has begun is of no use to those who come later: they have done something since.
  return signal => {
    if (!next || next.over.signal.aborted) next = begin()
    const mine = next
    mine.waiting += 1
    return new Promise((resolve, reject) => {
      const leave = () => {
        mine.waiting -= 1
        if (mine.waiting === 0) mine.over.abort()
        resolve(false)
      }
      if (signal.aborted) return leave()
      signal.addEventListener('abort', leave, { once: true })
      mine.answer.then(resolve, reject)
    })
  }

  function begin(): Proof {
    const over = new AbortController()
    setMaxListeners(0, over.signal)
    const answer = last.then(async () => {
      await turn()
      if (next === proof) next = undefined
      return prove(over.signal)
    })
    last = answer.catch(() => {})
    const proof = { answer, over, waiting: 0 }
    return proof
  }

  async function prove(signal: AbortSignal): Promise<boolean> {
    const allThere = () => Promise.all(lines.map(line => line.there(signal)))
    try {
      for (;;) {
        const before = transcript.count
        await allThere()
        const connected = await atRest!(signal)
        await allThere()
        if (areOthersHere() || connected > lines.filter(line => line.isOpen).length) return false
        if (transcript.count === before) return true
      }
    } catch (error) {
      if (signal.aborted) return false
      throw error
    }
  }
}
