import type { CloudEvent, Events, Happening } from '../cloud/events.ts'

/** How long to wait for an event, in milliseconds. */
const PATIENCE = 20_000

/** The first event of a kind that fits, of those that were and those to come. Rejects after twenty seconds. */
export function happens<K extends Happening['kind']>(
  events: Events,
  kind: K,
  fits: (event: CloudEvent & { readonly kind: K }) => boolean,
): Promise<CloudEvent & { readonly kind: K }> {
  const isIt = (event: CloudEvent): event is CloudEvent & { readonly kind: K } =>
    event.kind === kind && fits(event as CloudEvent & { readonly kind: K })
  return new Promise((resolve, reject) => {
    const before = events.history().find(isIt)
    if (before) return resolve(before)
    const timer = setTimeout(() => {
      stop()
      reject(new Error(`no such ${kind} in ${PATIENCE / 1000} s: ${fits}`))
    }, PATIENCE)
    const stop = events.subscribe(event => {
      if (!isIt(event)) return
      clearTimeout(timer)
      stop()
      resolve(event)
    })
  })
}
