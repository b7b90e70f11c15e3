import type * as probe from '../probe/people.ts'
import type { Client, Expected } from './entry.cjs'

/** Anything at all. */
const ANYTHING = () => true

/** The probe's client as tests know it. `telling` runs each wait. */
export function clientOf(client: probe.Client, telling: <T>(wait: () => Promise<T>) => Promise<T>): Client {
  return {
    name: client.name,
    send: message => client.send(message),
    hears: (expected, options) => telling(() => client.hears(ours(expected), options)),
    hearsNothing: (unwanted = ANYTHING, options = {}) =>
      telling(() =>
        client.hearsNothing(ours(unwanted), { ...options, ...(unwanted === ANYTHING && { as: 'anything' }) }),
      ),
    isClosed: options => telling(() => client.isClosed(options)),
    isStillThere: () => telling(() => client.isStillThere()),
    close: (code, reason) => client.leave(code, reason),
    vanish: () => client.vanish(),
    get unheard() {
      return client.unheard
    },
  }
}

/** Jest runs tests in a context of their own, whose arrays are no arrays of ours when they are compared. */
function ours(expected: Expected): Expected {
  if (typeof expected === 'string' || typeof expected === 'function') return expected
  if (typeof expected === 'object' && expected !== null) {
    try {
      return structuredClone(expected)
    } catch {
      throw new TypeError(
        'What is expected holds a function, or a matcher such as expect.any. Give one function instead, which looks at the whole message.',
      )
    }
  }
  throw new TypeError(
    `What is expected is an object with members, a text or a function, not ${JSON.stringify(expected) ?? String(expected)}.`,
  )
}
