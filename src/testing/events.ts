import type { Cloud } from '../cloud/cloud.ts'
import type { CloudEvent as Event } from '../cloud/events.ts'
import { matches } from '../probe/match.ts'
import { Unmet } from '../probe/unmet.ts'
import type { CloudEvent, CloudEvents, ExpectedEvent } from './entry.cjs'

/** The cloud's stream of events as tests know it, and a way to begin it anew. */
export function eventsOf(
  cloud: Cloud,
  patience: number,
): CloudEvents & { forget(): void; own(): readonly Event[] } {
  let from = 0
  const own = () => cloud.events.history().filter(({ id }) => id >= from)
  const history = () => own() as readonly CloudEvent[]
  const find = (expected: ExpectedEvent) => history().filter(event => fits(event, expected))

  return {
    own,
    history,
    find,
    async happens(expected) {
      const over = new AbortController()
      const coming = new Promise<CloudEvent>(resolve => {
        const stop = cloud.events.subscribe(event => {
          if (fits(event as CloudEvent, expected)) resolve(event as CloudEvent)
        })
        over.signal.addEventListener('abort', stop, { once: true })
      })
      try {
        const [first] = find(expected)
        if (first) return first
        const quiet = cloud
          .atRest(patience, AbortSignal.any([over.signal, AbortSignal.timeout(patience)]))
          .then(
            () => undefined,
            () => undefined,
          )
        const came = (await Promise.race([coming, quiet])) ?? find(expected)[0]
        if (came) return came
      } finally {
        over.abort()
      }
      const words =
        typeof expected === 'function' ? 'a fitting event' : `an event ${JSON.stringify(expected)}`
      throw new Unmet({ expected: words, observed: 'none' })
    },
    subscribe: listener => cloud.events.subscribe(event => listener(event as CloudEvent)),
    forget() {
      from = (cloud.events.history().at(-1)?.id ?? -1) + 1
    },
  }
}

const fits = (event: CloudEvent, expected: ExpectedEvent): boolean =>
  matches(event, typeof expected === 'function' ? expected : structuredClone(expected))
