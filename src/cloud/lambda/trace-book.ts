/** How many invocations are remembered: a call that a function did not wait for comes late, but not this late. */
const KEPT = 10_000

/** Which invocation a call belongs to. The SDK sends the trace id of the invocation in which the call was made. */
export interface TraceBook {
  /** Notes with which event the invocation of this trace id began. */
  note(traceId: string, event: number): void
  /** The event, by the header of a call; undefined for a trace that is not ours. */
  find(traceHeader: string): number | undefined
}

/** Starts an empty book. */
export function traceBook(): TraceBook {
  const events = new Map<string, number>()
  return {
    note(traceId, event) {
      events.set(rootOf(traceId), event)
      if (events.size > KEPT) events.delete(events.keys().next().value!)
    },
    find: traceHeader => events.get(rootOf(traceHeader)),
  }
}

const rootOf = (trace: string): string => /Root=([^;]+)/.exec(trace)?.[1] ?? ''
