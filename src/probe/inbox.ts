import { fairTimeout } from '../machine/fair-timer.ts'
import { matches, parsed } from './match.ts'
import type { Client, Expected } from './people.ts'
import { cannotTell, type Silence } from './silence.ts'
import type { Transcript } from './transcript.ts'
import { Unmet } from './unmet.ts'

/** One client's messages that nobody has asked for yet, and the waiting for those that should come. */
export interface Inbox {
  put(text: string): void
  /** Nothing will come any more, and why. */
  end(why: string): void
  take: Client['hears']
  refuse: Client['hearsNothing']
  left(): readonly string[]
}

/** How long to go on hoping once the gateway has reported a failure, as a share of the patience. */
const HOPE = 0.05
/** How long a silence must last to be believed where it cannot be proved, in milliseconds. */
const QUIET = 300
/** What should come mostly does so within this, in milliseconds: until then nobody asks whether it still can. */
const HEAD_START = 100

/** By its shape, a frame that API Gateway itself makes when a message fails (facts: B7, B8, B10, B13). */
const gatewayError = /^\{"message": "[^"]+", "connectionId":"[^"]+", "requestId":"[^"]+"\}$/

/**
 * Starts an empty inbox. `verb` says how messages come into it: what a process prints is kept in one, too. `silence` tells
 * when nothing can come any more.
 */
export function inbox(
  name: string,
  transcript: Transcript,
  patience: number,
  [verb, past]: readonly [string, string] = ['hear', 'heard'],
  silence: Silence = cannotTell,
): Inbox {
  const letters: string[] = []
  let ended: string | undefined
  const readers = new Set<() => void>()

  return {
    put(text) {
      letters.push(text)
      if (gatewayError.test(text)) transcript.alarm()
      wake()
    },
    end(why) {
      ended = why
      wake()
    },
    left: () => letters,
    async take(expected, { as = inWords(expected), within = patience } = {}) {
      const found = await waitFor(() => pick(expected), within, HEAD_START)
      if (found) return found.message
      throw new Unmet({ expected: `${name} to ${verb} ${as}`, observed: whatCame() })
    },
    async refuse(unwanted, { as = inWords(unwanted), within = QUIET } = {}) {
      const found = await waitFor(() => pick(unwanted), within, 0)
      if (!found) return
      throw new Unmet({
        expected: `${name} not to ${verb} ${as}`,
        observed: `${name} ${past} ${JSON.stringify(found.message)}`,
      })
    },
  }

  function pick(expected: Expected): { message: unknown } | undefined {
    const index = letters.findIndex(text => matches(parsed(text), expected))
    if (index < 0) return undefined
    const [text = ''] = letters.splice(index, 1)
    return { message: parsed(text) }
  }

  function wake(): void {
    for (const reader of [...readers]) reader()
  }

  /** Tries at every letter, until something is found, time is up, or there is no more hope. */
  function waitFor<T>(look: () => T | undefined, within: number, headStart: number): Promise<T | undefined> {
    return new Promise((resolve, reject) => {
      const over = new AbortController()
      let callOff = fairTimeout(transcript.alarmed ? Math.min(within, patience * HOPE) : within, giveUp)
      const stopListening = transcript.onAlarm(() => {
        callOff()
        callOff = fairTimeout(Math.min(within, patience * HOPE), giveUp)
      })
      const asking = setTimeout(ask, headStart)
      readers.add(tryAgain)
      tryAgain()

      function tryAgain() {
        const found = look()
        if (found !== undefined || ended) finish(found)
      }
      function ask() {
        silence(over.signal).then(isCertain => isCertain && giveUp(), reject)
      }
      function giveUp() {
        finish(undefined)
      }
      function finish(found: T | undefined) {
        callOff()
        clearTimeout(asking)
        over.abort()
        stopListening()
        readers.delete(tryAgain)
        resolve(found)
      }
    })
  }

  function whatCame(): string {
    const heard = letters.length > 0 ? letters.slice(-3).join(' and ') : 'silence'
    return ended ? `${heard}; ${ended}` : heard
  }
}

const inWords = (expected: Expected): string =>
  typeof expected === 'function' ? 'a fitting message' : JSON.stringify(expected)
