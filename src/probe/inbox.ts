import { fairSignal, fairTimeout } from '../machine/fair-timer.ts'
import { howItCame, textsIn } from './how-it-changed.ts'
import { matches, parsed } from './match.ts'
import type { Client, Expected } from './people.ts'
import { atTheDifference, shortened } from './shortened.ts'
import { cannotTell, DECIDED_WITHIN, type Silence } from './silence.ts'
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
/** What should come mostly does so within this, in milliseconds: until then nobody asks whether it still can. */
const HEAD_START = 100
/** The most characters of one message that a finding repeats. */
const MOST_CHARACTERS = 300

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
      const found = await waitFor(() => pick(expected), within, HEAD_START, silence.isProved)
      if (found) return found.message
      throw unheard(expected, as)
    },
    async refuse(unwanted, { as = inWords(unwanted), within = patience } = {}) {
      const found = await waitFor(() => pick(unwanted), within, 0, silence.isBelieved)
      if (!found) return
      throw new Unmet({
        expected: `${name} not to ${verb} ${as}`,
        observed: `${name} ${past} ${shortened(JSON.stringify(found.message), MOST_CHARACTERS)}`,
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

  /** Tries at every letter, until something is found, time is up, or there is no more hope. Asks `isOver` after `headStart`. */
  function waitFor<T>(
    look: () => T | undefined,
    within: number,
    headStart: number,
    isOver: Silence['isProved'],
  ): Promise<T | undefined> {
    return new Promise((resolve, reject) => {
      const over = new AbortController()
      let callOff = fairTimeout(transcript.alarmed ? Math.min(within, patience * HOPE) : within, runOut)
      const stopListening = transcript.onAlarm(() => {
        callOff()
        callOff = fairTimeout(Math.min(within, patience * HOPE), runOut)
      })
      const asking = setTimeout(ask, headStart)
      readers.add(tryAgain)
      tryAgain()

      function tryAgain() {
        const found = look()
        if (found !== undefined || ended) finish(found)
      }
      function ask() {
        isOver(over.signal).then(isCertain => isCertain && giveUp(), reject)
      }
      function runOut() {
        const late = AbortSignal.any([over.signal, fairSignal(DECIDED_WITHIN)])
        silence.isDecided(late).then(isDecided => {
          if (over.signal.aborted) return
          if (!isDecided) transcript.ranOut()
          giveUp()
        }, reject)
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

  /** What came instead. Where that is a copy of the expected text, but no faithful one, the finding says how it changed, and shows where. */
  function unheard(expected: Expected, as: string): Unmet {
    const last = letters.slice(-3).map(text => shortened(text, MOST_CHARACTERS))
    const heard = letters.length > 0 ? last.join(' and ') : 'silence'
    const changed = changedCopy(expected)
    const facts = [heard, ended, changed && `the text that was sent is among it, but ${changed.how}`]
    return new Unmet({
      expected: `${name} to ${verb} ${as}`,
      observed: facts.filter(Boolean).join('; '),
      ...(changed && { evidence: changed.shown }),
    })
  }

  function changedCopy(expected: Expected): { how: string; shown: readonly string[] } | undefined {
    const came = letters.map(parsed)
    for (const sent of textsIn(typeof expected === 'function' ? undefined : expected)) {
      const changed = howItCame(came, sent)
      if (!changed) continue
      const [was, is] = atTheDifference(sent, changed.got)
      return { how: changed.how, shown: [`sent: ${was}`, `${past}: ${is}`] }
    }
    return undefined
  }
}

const inWords = (expected: Expected): string =>
  typeof expected === 'function' ? 'a fitting message' : shortened(JSON.stringify(expected), MOST_CHARACTERS)
