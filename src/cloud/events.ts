/** What can happen in the cloud. Evidence, workbench and tests all read this one stream. */
export type Happening =
  | {
      readonly kind: 'handshake'
      readonly apiId: string
      readonly stage: string
      readonly connectionId?: string
      readonly status: number
      readonly because?: string
    }
  | {
      readonly kind: 'frame'
      readonly direction: 'in' | 'out'
      readonly apiId: string
      readonly stage: string
      readonly connectionId: string
      readonly routeKey?: string
      readonly text: string
    }
  | {
      readonly kind: 'close'
      readonly apiId: string
      readonly stage: string
      readonly connectionId: string
      readonly code: number
      readonly reason: string
    }
  | {
      readonly kind: 'invocation'
      readonly functionName: string
      readonly requestId: string
      readonly outcome: 'returned' | 'failed' | 'timed out' | 'refused'
      readonly cold: boolean
      readonly ms: number
      readonly because?: string
    }
  | {
      readonly kind: 'decision'
      readonly principal: string
      readonly action: string
      readonly resource: string
      readonly allowed: boolean
      readonly because: string
      /** Condition keys of the request beyond the global ones. */
      readonly context?: Readonly<Record<string, string | readonly string[]>>
    }
  | { readonly kind: 'log'; readonly logGroup: string; readonly logStream: string; readonly message: string }
  | {
      readonly kind: 'item'
      readonly tableName: string
      readonly change: 'INSERT' | 'MODIFY' | 'REMOVE'
      readonly keys: Readonly<Record<string, unknown>>
    }
  | { readonly kind: 'alarm'; readonly alarmName: string; readonly state: string; readonly because: string }
  | {
      readonly kind: 'resource'
      readonly stackName: string
      readonly logicalId: string
      readonly type: string
      readonly status: string
      readonly reason?: string
    }

/** A happening with its place in the stream: `at` in milliseconds since the epoch by the cloud's clock, `order` counting up. */
export type CloudEvent = Happening & { readonly at: number; readonly order: number }

/** The stream itself. */
export interface Events {
  emit(happening: Happening): void
  /** Everything kept so far, oldest first: the last 10,000, or fewer when their texts are long. */
  history(): readonly CloudEvent[]
  /** Calls `listener` with each event from now on. The answer stops it. */
  subscribe(listener: (event: CloudEvent) => void): () => void
}

/** How many events are kept: a flood of frames must not eat the memory of a cloud that stays up for a day. */
const KEPT = 10_000
/** How many characters of their texts: ten thousand frames can be more than a gigabyte. */
const KEPT_CHARACTERS = 16 * 1024 * 1024

/** Starts an empty stream that dates its events by `now`. */
export function eventStream(now: () => number): Events {
  const listeners = new Set<(event: CloudEvent) => void>()
  const kept: CloudEvent[] = []
  let order = 0
  let characters = 0

  return {
    emit(happening) {
      const event = { ...happening, at: now(), order: order++ }
      kept.push(event)
      characters += textOf(event).length
      // Now and again, and then much: to take away one at a time would move all the others each time.
      if (kept.length >= 2 * KEPT || characters >= 2 * KEPT_CHARACTERS) forget()
      for (const listener of listeners) listener(event)
    },
    history: () => kept.slice(-KEPT),
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
  function forget() {
    let gone = 0
    while (kept.length - gone > KEPT || (characters > KEPT_CHARACTERS && gone < kept.length)) {
      characters -= textOf(kept[gone++]!).length
    }
    kept.splice(0, gone)
  }
}

/** The part of an event that may be long. */
const textOf = (event: CloudEvent): string =>
  event.kind === 'frame' ? event.text : event.kind === 'log' ? event.message : ''
