import type { Clock } from '../../../clock.ts'
import type { StreamRecord } from '../../../dynamodb/streams/streams.ts'
import { MAX_PAYLOAD } from '../../outcome.ts'

/** A record on its way to the function. */
export interface Entry {
  readonly record: StreamRecord
  /** Its part of the event. */
  readonly json: string
}

/** Records that go to the function one batch after the other, in their order. */
export interface Lane {
  add(entry: Entry): void
  /** The position of the oldest record that the function is not through with. */
  oldest(): number | undefined
  /** Sends what may go. */
  turn(): void
  /** Begins no further batch. Resolves when the present one is left off. */
  end(): Promise<void>
}

/** What the event's own brackets and commas take, in bytes. */
const FRAME = '{"Records":[]}'.length

/**
 * A batch is sent when it is full, when its window is over by the cloud's clock, or before it grows larger than an invocation may be; without
 * a window when the function is free. `deliver` calls `done` with the position from which records are still to be dealt with.
 */
export function startLane({
  batchSize,
  window,
  clock,
  deliver,
}: {
  readonly batchSize: number
  /** Seconds. */
  readonly window: number
  readonly clock: Clock
  readonly deliver: (batch: readonly Entry[], reached: (position: number) => void) => Promise<void>
}): Lane {
  const waiting: Entry[] = []
  let present: Promise<void> | undefined
  let reached: number | undefined
  let callOff: (() => void) | undefined
  let isWindowOver = false
  let hasEnded = false

  return {
    add: entry => waiting.push(entry),
    oldest: () => reached ?? waiting[0]?.record.position,
    turn,
    async end() {
      hasEnded = true
      callOff?.()
      await present
    },
  }

  function turn() {
    if (hasEnded || present || waiting.length === 0) return
    const size = sizeOfBatch()
    const isFull = size >= batchSize || size < waiting.length
    if (window > 0 && !isFull && !isWindowOver) {
      callOff ??= clock.after(window * 1000, () => {
        isWindowOver = true
        turn()
      })
      return
    }
    callOff?.()
    callOff = undefined
    isWindowOver = false
    present = send(waiting.splice(0, size))
  }

  async function send(batch: readonly Entry[]) {
    reached = batch[0]!.record.position
    try {
      await deliver(batch, position => {
        reached = position
      })
    } finally {
      present = undefined
      // A batch that was left off is still to be dealt with.
      if (!hasEnded) reached = undefined
      turn()
    }
  }

  /** How many of those that wait fit into one batch. */
  function sizeOfBatch(): number {
    let bytes = FRAME
    for (const [at, { json }] of waiting.entries()) {
      bytes += Buffer.byteLength(json) + 1
      if (at === batchSize || (at > 0 && bytes > MAX_PAYLOAD)) return at
    }
    return waiting.length
  }
}
