import { causing, presentCause } from './cause.ts'

/** What can happen in the cloud. Evidence, workbench and tests all read this one stream. */
export type Happening =
  /** Somebody asks for a connection. What comes of it, the authorizer's call included, is caused by it. */
  | {
      readonly kind: 'knock'
      readonly host: string
      readonly path: string
      /** The client's own port, by which those who know the client know its connection. */
      readonly port?: number
    }
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
  /** An invocation begins. What the function does is caused by this event, and so is the `invocation` that ends it. */
  | {
      readonly kind: 'invoke'
      readonly functionName: string
      readonly requestId: string
      /** JSON text. */
      readonly payload: string
    }
  /** An invocation has ended. */
  | {
      readonly kind: 'invocation'
      readonly functionName: string
      readonly requestId: string
      readonly outcome: 'returned' | 'failed' | 'timed out' | 'refused'
      readonly cold: boolean
      readonly ms: number
      /** How long its instance took to start, in milliseconds, where it started for this. */
      readonly startMs?: number
      readonly because?: string
      /** JSON text, of one that returned. */
      readonly response?: string
    }
  /** Somebody calls an operation of AWS's API: `dynamodb`, `PutItem`. */
  | {
      readonly kind: 'call'
      readonly service: string
      readonly operation: string
      readonly principal: string
      /** The first thing for which IAM is asked, if there is one. */
      readonly resource?: string
    }
  /** The answer to the `call` that caused it. */
  | {
      readonly kind: 'answer'
      readonly service: string
      readonly operation: string
      readonly status: number
      readonly ms: number
      /** The error as the caller sees it: `GoneException: UnknownError`. */
      readonly because?: string
    }
  /** Something happens to a message in a queue. `buried`: given up on, and now in this dead-letter queue. */
  | {
      readonly kind: 'message'
      readonly queueName: string
      readonly messageId: string
      readonly change: 'sent' | 'received' | 'deleted' | 'buried'
      readonly body: string
    }
  | {
      readonly kind: 'published'
      readonly topicName: string
      readonly messageId: string
      readonly message: string
    }
  | {
      readonly kind: 'decision'
      readonly principal: string
      readonly action: string
      readonly resource: string
      readonly allowed: boolean
      readonly because: string
      /** The statement that allowed it, or that denies it: as JSON, in a policy of this kind. Where no statement allows it there is none. */
      readonly by?: { readonly kind: string; readonly statement: object }
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

/**
 * A happening with its place in the stream: `at` in milliseconds since the epoch by the cloud's clock, `id` counting up from 0.
 * `causedBy` is the id of the event that made it happen; an event without it was caused from outside, or by time.
 */
export type CloudEvent = Happening & {
  readonly at: number
  readonly id: number
  readonly causedBy?: number
}

/** The stream itself. */
export interface Events {
  /** Answers with the event's id. Its cause is the present one, unless another is given. The happening becomes the event: make a new one each time. */
  emit(happening: Happening, causedBy?: number): number
  /**
   * Runs `task`. What is emitted in it, and in whatever it awaits or sets going, is caused by this event; by none where `id` is
   * undefined.
   */
  causing<T>(id: number | undefined, task: () => T): T
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
  let next = 0
  let characters = 0

  return {
    emit(happening, causedBy = presentCause()) {
      const id = next++
      // The happening itself becomes the event: a copy would be one more object for each of thousands a second.
      const event = happening as Happening & { at: number; id: number; causedBy?: number }
      event.at = now()
      event.id = id
      if (causedBy !== undefined) event.causedBy = causedBy
      kept.push(event)
      characters += textOf(event).length
      // Now and again, and then much: to take away one at a time would move all the others each time.
      if (kept.length >= 2 * KEPT || characters >= 2 * KEPT_CHARACTERS) forget()
      for (const listener of listeners) listener(event)
      return id
    },
    causing,
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
function textOf(event: CloudEvent): string {
  switch (event.kind) {
    case 'frame':
      return event.text
    case 'log':
    case 'published':
      return event.message
    case 'invoke':
      return event.payload
    case 'invocation':
      return event.response ?? ''
    case 'message':
      return event.body
    default:
      return ''
  }
}
