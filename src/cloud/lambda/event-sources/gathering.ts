import type { Clock } from '../../clock.ts'
import { MAX_PAYLOAD } from '../outcome.ts'
import type { SqsRecord } from './record.ts'

/** A message on its way to the function. */
export interface Message {
  readonly id: string
  readonly receiptHandle: string
  /** Its record in the event. */
  readonly json: string
  /** FIFO queues only. */
  readonly group: string | undefined
  /** The event with which it was received. */
  readonly cause?: number | undefined
}

/** Messages that go to the function together. */
export interface Batch {
  readonly messages: readonly Message[]
  /** When the first of them was received, in milliseconds by the cloud's clock. */
  readonly since: number
}

/** Messages that wait until their batch is complete. */
export interface Gathering {
  /** How many more the batch has room for. */
  room(): number
  add(messages: readonly Message[]): void
  /** Sends off what is there. */
  flush(): void
  /** Forgets what is there. */
  drop(): void
}

/** What the event's own brackets and commas take, in bytes. */
const FRAME = '{"Records":[]}'.length

/**
 * Makes batches. One is sent off when it is full, when its window is over by the cloud's clock, or before it grows
 * larger than an invocation may be; without a window each poll's messages are one.
 */
export function startGathering({
  batchSize,
  window,
  clock,
  ready,
}: {
  readonly batchSize: number
  /** Seconds. */
  readonly window: number
  readonly clock: Clock
  readonly ready: (batch: Batch) => void
}): Gathering {
  let messages: Message[] = []
  let bytes = FRAME
  let since = 0
  let callOff = () => {}

  return {
    room: () => batchSize - messages.length,
    add(more) {
      for (const message of more) {
        const size = Buffer.byteLength(message.json) + 1
        if (bytes + size > MAX_PAYLOAD) flush()
        if (messages.length === 0) begin()
        messages.push(message)
        bytes += size
        if (messages.length >= batchSize) flush()
      }
      if (window === 0) flush()
    },
    flush,
    drop,
  }

  function begin() {
    since = clock.now()
    if (window > 0) callOff = clock.after(window * 1000, flush)
  }

  function flush() {
    const batch = { messages, since }
    drop()
    if (batch.messages.length > 0) ready(batch)
  }

  function drop() {
    callOff()
    messages = []
    bytes = FRAME
  }
}

export const messageOf = (record: SqsRecord, cause?: number): Message => ({
  id: record.messageId,
  receiptHandle: record.receiptHandle,
  json: JSON.stringify(record),
  group: record.attributes.MessageGroupId,
  cause,
})
