import { appointments } from './appointments.ts'
import { keepingCause } from './cause.ts'

/** The cloud's clock: real time plus however far it has been moved. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number
  /** Runs `task` once, `ms` from now by this clock. The answer calls it off. */
  after(ms: number, task: () => void): () => void
  /** Moves the clock on by `ms`. Whatever falls due on the way runs in the order in which it falls due. */
  advance(ms: number): void
  /** Whether anything falls due within `ms`. */
  isAnythingDue(ms: number): boolean
  /** Resolves when the next appointment has been kept or called off, or the clock has been moved. */
  changes(): Promise<void>
  /** Calls everything off. */
  stop(): void
}

/** A clock that can be moved, so that ten idle minutes take no time to wait for. It never keeps a process alive. */
export function movableClock(realNow: () => number = Date.now): Clock {
  const all = appointments()
  let moved = 0
  let timer: NodeJS.Timeout | undefined
  /** What the timer is set for, by this clock. */
  let woundFor = Number.POSITIVE_INFINITY
  const waiting: (() => void)[] = []

  const now = () => realNow() + moved

  return {
    now,
    after(ms, task) {
      // What it makes happen has the cause of the one who makes the appointment.
      const appointment = all.add(now() + ms, keepingCause(task))
      if (appointment.due < woundFor) wind()
      return () => {
        if (all.callOff(appointment)) changed()
      }
    },
    advance(ms) {
      const end = now() + ms
      for (let next = all.soonest(); next && next.due <= end; next = all.soonest()) {
        // The task sees the hour for which it was set, not the end of the journey.
        moved += Math.max(0, next.due - now())
        all.callOff(next)
        next.task()
      }
      moved += Math.max(0, end - now())
      wind()
      changed()
    },
    isAnythingDue(ms) {
      const next = all.soonest()
      return next !== undefined && next.due <= now() + ms
    },
    changes: () =>
      new Promise(resolve => {
        waiting.push(resolve)
      }),
    stop() {
      all.clear()
      clearTimeout(timer)
      changed()
    },
  }

  /** Sets the timer for what comes next. When that is called off the timer rings for nothing, and is set again. */
  function wind() {
    clearTimeout(timer)
    const next = all.soonest()
    woundFor = next?.due ?? Number.POSITIVE_INFINITY
    if (!next) return
    // setTimeout takes at most 2^31-1 ms; a later appointment is wound up again on the way.
    timer = setTimeout(ring, Math.min(Math.max(0, next.due - now()), 2 ** 31 - 1)).unref()
  }

  function ring() {
    for (let next = all.soonest(); next && next.due <= now(); next = all.soonest()) {
      all.callOff(next)
      next.task()
    }
    wind()
    changed()
  }

  function changed() {
    for (const tell of waiting.splice(0)) tell()
  }
}

/**
 * A clock that stands still unless it is moved, so that what is counted in seconds can be counted out however slow the
 * machine is. Tests that move time use this one. What waits for time waits until a test moves the clock.
 */
export function stillClock(at = Date.now()): Clock {
  return movableClock(() => at)
}
