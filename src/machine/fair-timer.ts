import { cpus } from 'node:os'

/** How often the machine is looked at while somebody waits, in milliseconds. */
const LOOK = 250
/** Below this share of idle time the processors are full, and work waits for its turn. */
const FULL = 0.05
/** How much of a while counts in which they were full. So a limit is stretched eight times at most. */
const SHARE = 1 / 8

let pending = 0
let looking: NodeJS.Timeout | undefined
let lookedAt = 0
let idleThen = 0
let totalThen = 0
/** The milliseconds that count, up to the last look. They have a meaning only as a difference. */
let counted = 0
let wasFull = false

/**
 * Runs `task` once, after `ms` in which the machine had time to spare. A while in which every processor was busy counts for
 * an eighth: a limit is there for what does not come to an end, and not for a machine that does much else. On a quiet
 * machine it is `setTimeout`. It holds the process unless told otherwise. The answer calls it off.
 */
export function fairTimeout(ms: number, task: () => void, holds = true): () => void {
  begin()
  const since = fairNow()
  let timer = start(ms)
  let isOver = false
  return end

  function start(wait: number) {
    const started = setTimeout(ring, wait)
    return holds ? started : started.unref()
  }

  function ring() {
    const left = ms - (fairNow() - since)
    // What setTimeout rounds away is not waited for.
    if (left > 1) {
      timer = start(left)
      return
    }
    end()
    task()
  }

  function end() {
    if (isOver) return
    isOver = true
    clearTimeout(timer)
    ended()
  }
}

/** How much time did not count, since somebody began to look. */
export interface LostTime {
  /** Milliseconds so far. */
  lost(): number
  /** Looks no more. */
  end(): void
}

/**
 * Measures how much of the time from now on did not count, in milliseconds, because every processor was busy: by that much a
 * limit that is kept by another clock is to be put off. `end` it: it looks at the machine until then.
 */
export function lostTime(): LostTime {
  begin()
  const [since, began] = [fairNow(), performance.now()]
  let isOver = false
  return {
    lost: () => Math.max(0, performance.now() - began - (fairNow() - since)),
    end() {
      if (isOver) return
      isOver = true
      ended()
    },
  }
}

/** Whether every processor was busy when somebody who waits looked last: known only while somebody waits. */
export const isMachineFull = (): boolean => pending > 0 && wasFull

/** `AbortSignal.timeout`, fair in the same way. */
export function fairSignal(ms: number): AbortSignal {
  const late = new AbortController()
  fairTimeout(ms, () => late.abort(), false)
  return late.signal
}

function begin(): void {
  pending++
  if (looking) return
  remember()
  looking = setInterval(look, LOOK).unref()
}

/** It looks once more: somebody else will often wait by then, and to ask the system takes longer than many a wait. */
function ended(): void {
  pending--
}

/** What has passed since the last look counts as if the machine had been quiet. */
const fairNow = (): number => counted + Math.min(performance.now() - lookedAt, LOOK)

function look(): void {
  if (pending === 0) {
    clearInterval(looking)
    looking = undefined
    wasFull = false
    return
  }
  const [idleBefore, totalBefore, before] = [idleThen, totalThen, lookedAt]
  remember()
  const total = totalThen - totalBefore
  wasFull = total > 0 && (idleThen - idleBefore) / total < FULL
  // When this look itself comes late, we were not given a processor: that counts for no more than one that is in time.
  const passed = Math.min(lookedAt - before, LOOK)
  counted += wasFull ? passed * SHARE : passed
}

function remember(): void {
  lookedAt = performance.now()
  idleThen = 0
  totalThen = 0
  for (const { times } of cpus()) {
    idleThen += times.idle
    totalThen += times.user + times.nice + times.sys + times.irq + times.idle
  }
}
