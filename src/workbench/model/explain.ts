import type { WireEvent } from './protocol.ts'
import { remember } from './remember.ts'

/** Why something was not heard, or did not happen, said of the event at which it shows. */
export interface Note {
  /** The event's id. */
  readonly about: number
  readonly says: string
}

/** What happens between a frame and the return of the route's own function. */
const IN_THE_ROUTE: ReadonlySet<WireEvent['kind']> = new Set(['decision', 'invoke', 'invocation'])

/**
 * Explains silences, event by event: a body that is dropped because the route has no route response; a function that
 * returned while a request of its own was under way; a function that timed out before any of its requests arrived.
 *
 * `take` answers with what is certain at once. Whether a returned body is heard shows only afterwards: ask `later` when
 * all has arrived that was on its way.
 */
export function explainer() {
  /** Event → the client's frame that it comes from. */
  const frameOf = new Map<number, number>()
  /** The same for the route's own function only, and not for those behind a queue, a topic or another function. */
  const routedBy = new Map<number, number>()
  /** Frame → the connection that sent it. */
  const senders = new Map<number, string>()
  const answered = new Set<number>()
  /** The `invoke` event → whether its function has called anything, and what is under way: call → operation. */
  const underWay = new Map<number, { made: boolean; readonly open: Map<number, string> }>()
  /** Call → the `invoke` event that it belongs to. */
  const invokeOf = new Map<number, number>()
  let pending: { readonly id: number; readonly frame: number; readonly says: string }[] = []

  return {
    take(event: WireEvent): Note[] {
      const frame = frameOf.get(event.causedBy ?? -1)
      if (frame !== undefined) remember(frameOf, event.id, frame)
      const routed = routedBy.get(event.causedBy ?? -1)
      if (routed !== undefined && IN_THE_ROUTE.has(event.kind)) remember(routedBy, event.id, routed)
      switch (event.kind) {
        case 'frame':
          if (event.direction === 'in') {
            remember(frameOf, event.id, event.id)
            remember(routedBy, event.id, event.id)
            remember(senders, event.id, event.connectionId)
          } else if (frame !== undefined && senders.get(frame) === event.connectionId) answered.add(frame)
          return []
        case 'invoke':
          remember(underWay, event.id, { made: false, open: new Map() })
          return []
        case 'call': {
          const calls = underWay.get(event.causedBy ?? -1)
          if (!calls) return []
          calls.made = true
          calls.open.set(event.id, event.operation)
          remember(invokeOf, event.id, event.causedBy!)
          return []
        }
        case 'answer':
          underWay.get(invokeOf.get(event.causedBy ?? -1) ?? -1)?.open.delete(event.causedBy!)
          return []
        case 'invocation':
          return ended(event, routed)
        default:
          return []
      }
    },

    /** What has become certain since: nobody has heard the bodies that were returned. */
    later(): Note[] {
      const notes = pending
        .filter(({ frame }) => !answered.has(frame))
        .map(({ id, says }) => ({ about: id, says }))
      pending = []
      return notes
    },
  }

  function ended(event: WireEvent & { kind: 'invocation' }, frame: number | undefined): Note[] {
    const notes: Note[] = []
    const calls = underWay.get(event.causedBy ?? -1)
    const open = [...(calls?.open.values() ?? [])]
    underWay.delete(event.causedBy ?? -1)
    if (event.outcome === 'returned' && open.length > 0) {
      notes.push({
        about: event.id,
        says: `The function returned while ${open.join(' and ')} was under way. Lambda stops a function that has returned: await every request.`,
      })
    }
    if (event.outcome === 'timed out' && calls && !calls.made) {
      notes.push({
        about: event.id,
        says: 'The function timed out, and no request of its own had reached AWS. Does an endpoint begin with wss:// or http://? API Gateway takes https:// only.',
      })
    }
    if (event.outcome === 'returned' && frame !== undefined && hasBody(event.response)) {
      pending.push({
        id: event.id,
        frame,
        says: 'Nobody heard the body that was returned: the route has no route response, so API Gateway drops it.',
      })
    }
    return notes
  }
}

function hasBody(response: string | undefined): boolean {
  if (!response?.includes('"body"')) return false
  try {
    const { body } = JSON.parse(response) as { body?: unknown }
    return typeof body === 'string' && body !== ''
  } catch {
    return false
  }
}

/** What there is to explain of events that have all arrived, by the event's id. */
export function explained(events: readonly WireEvent[]): ReadonlyMap<number, string> {
  const explain = explainer()
  const notes = [...events.flatMap(event => explain.take(event)), ...explain.later()]
  return new Map(notes.map(({ about, says }) => [about, says]))
}
