import { setMaxListeners } from 'node:events'
import { setTimeout as pause, setImmediate as turn } from 'node:timers/promises'
import type { Line } from './line.ts'
import type { Transcript } from './transcript.ts'

/** Tells when nobody in a scene will hear anything more. Both answer false when `signal` aborts, or when that cannot be known. */
export interface Silence {
  /** Answers when it is certain, unless somebody does something from now on. */
  isProved(signal: AbortSignal): Promise<boolean>
  /**
   * Answers when a silence may be believed: when it is certain; or, where others act whose timers nobody can see, when all has been at
   * rest for a while; or, where the target cannot tell, when nobody has done anything for a while.
   */
  isBelieved(signal: AbortSignal): Promise<boolean>
  /** Answers, for a wait whose time is over, whether more time would have changed nothing: all is at rest, and says so itself. */
  isDecided(signal: AbortSignal): Promise<boolean>
}

/** How long all must have been at rest to be believed where pages, programs or strangers act as well, in milliseconds. */
const CALM = 300
/** The same time in steps. A step that takes longer, because the machine is busy, counts for no more. */
const STEP = 10
/** How long nobody must have done anything where the target cannot tell whether it is at rest, in milliseconds: AWS is far away. */
const QUIET = 3_000

/** Nobody can tell: a silence has to be waited for. */
export const cannotTell: Silence = {
  isProved: async () => false,
  isBelieved: signal => calm(signal).then(() => !signal.aborted),
  isDecided: async () => false,
}

/** For what a page does by timers of its own: it is waited for until the time is over, and then it is asked what was decided. */
export const unhurried = ({ isDecided }: Silence): Silence => ({ ...cannotTell, isDecided })

/** How long all may take to come to rest once a wait is over, in milliseconds of fair time. What takes longer is still at work. */
export const DECIDED_WITHIN = 2_000

/** A proof that is about to begin, and how many wait for it. */
interface Proof {
  readonly answer: Promise<Outcome>
  readonly over: AbortController
  waiting: number
}

/** What a proof comes to: nothing can come; all is at rest, but others may act; or nobody knows. */
type Outcome = 'certain' | 'at rest' | 'unknown'

/**
 * Proves a silence: what the clients have said has arrived, nothing that came of it is under way any more, and what came of
 * it has arrived too. Newcomers, whose handshakes are under way, are waited for. `others`, pages and programs, may act of their own
 * accord: they are asked whether all has reached them.
 */
export function silence(
  atRest: ((signal: AbortSignal) => Promise<number>) | undefined,
  lines: readonly Line[],
  transcript: Transcript,
  newcomers: ReadonlySet<Pick<Line, 'there'>>,
  others: readonly Line[],
): Silence {
  if (!atRest) return { ...cannotTell, isBelieved: whenNothingWasDone(transcript) }
  let last: Promise<unknown> = Promise.resolve()
  let next: Proof | undefined

  return {
    isProved: async signal => (await shared(signal)) === 'certain',
    isBelieved,
    isDecided: async signal => !others.some(one => one.isOpen && one.isOpaque) && (await isBelieved(signal)),
  }

  async function isBelieved(signal: AbortSignal): Promise<boolean> {
    for (;;) {
      const outcome = await shared(signal)
      if (outcome !== 'at rest' || signal.aborted) return outcome === 'certain'
      const before = transcript.count
      await calm(signal)
      const again = await shared(signal)
      if (again !== 'unknown' && !signal.aborted && transcript.count === before) return true
    }
  }

  // Those who ask at the same time share a proof. One that has begun is of no use to those who come later: they have done something since.
  function shared(signal: AbortSignal): Promise<Outcome> {
    if (!next || next.over.signal.aborted) next = begin()
    const mine = next
    mine.waiting += 1
    return new Promise((resolve, reject) => {
      const leave = () => {
        mine.waiting -= 1
        if (mine.waiting === 0) mine.over.abort()
        resolve('unknown')
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

  async function prove(signal: AbortSignal): Promise<Outcome> {
    const allThere = (where: readonly Pick<Line, 'there'>[]) =>
      Promise.all(where.map(line => line.there(signal)))
    try {
      for (;;) {
        const before = transcript.count
        await allThere(lines)
        const connected = await atRest!(signal)
        await allThere(lines)
        await allThere(others)
        if (newcomers.size > 0) {
          await allThere([...newcomers])
          continue
        }
        if (transcript.count !== before) continue
        const strangers = connected > lines.filter(line => line.isOpen).length
        return others.some(one => one.isOpen) || strangers ? 'at rest' : 'certain'
      }
    } catch (error) {
      if (signal.aborted) return 'unknown'
      throw error
    }
  }
}

/** Waits out `CALM`, longer on a busy machine. */
async function calm(signal: AbortSignal): Promise<void> {
  for (let waited = 0; waited < CALM && !signal.aborted; waited += STEP) {
    await pause(STEP, undefined, { signal }).catch(() => {})
  }
}

/** One quiet window for the whole scene: it begins when something is done, and all who wait share what is left of it. */
const whenNothingWasDone =
  (transcript: Transcript) =>
  async (signal: AbortSignal): Promise<boolean> => {
    for (;;) {
      const left = transcript.lastDone + QUIET - Date.now()
      if (left <= 0) return true
      await pause(left, undefined, { signal }).catch(() => {})
      if (signal.aborted) return false
    }
  }
