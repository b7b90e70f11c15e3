import type { CloudEvent, Events, Happening } from '../cloud/events.ts'
import { HANG } from '../machine/bounds.ts'

/** The first event of a kind that fits, of those that were and those to come. Rejects when it hangs. */
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
      reject(new Error(`no such ${kind} in ${HANG / 1000} s: ${fits}`))
    }, HANG)
    const stop = events.subscribe(event => {
      if (!isIt(event)) return
      clearTimeout(timer)
      stop()
      resolve(event)
    })
  })
}
