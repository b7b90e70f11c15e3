import type { Clock } from '../clock.ts'

/** Those who wait for something that may become available: by arrival, or by the cloud's clock. */
export interface WaitingRoom<Wanted, Found> {
  /** Waits by real time, at most `seconds`, or until `signal` aborts. The first who came is served first. */
  wait(wanted: Wanted, seconds: number, signal?: AbortSignal): Promise<readonly Found[]>
  /** Something has changed: looks for everybody who waits. */
  wake(): void
  /** What would have been the next change at `time` will not happen. */
  cancel(time: number | undefined): void
  /** Sends everybody home empty-handed, now and from now on. */
  close(): void
}

/**
 * Opens a waiting room. `look` answers with what there is for somebody; `nextChange` says when, in milliseconds since
 * the epoch by the cloud's clock, there may be more of it without anybody doing anything.
 */
export function openWaitingRoom<Wanted, Found>(
  clock: Clock,
  look: (wanted: Wanted) => readonly Found[],
  nextChange: () => number | undefined,
): WaitingRoom<Wanted, Found> {
  const waiting = new Map<Wanted, (found: readonly Found[]) => void>()
  let callOff = () => {}
  let next: number | undefined
  let closed = false

  function wake() {
    for (const [wanted, serve] of waiting) {
      const found = look(wanted)
      if (found.length > 0) serve(found)
    }
    setAlarm()
  }

  function setAlarm() {
    callOff()
    next = waiting.size > 0 ? nextChange() : undefined
    callOff = next === undefined ? () => {} : clock.after(Math.max(0, next - clock.now()), wake)
  }

  return {
    wake,
    cancel(time) {
      if (next !== undefined && next === time) setAlarm()
    },
    wait(wanted, seconds, signal) {
      if (closed || signal?.aborted) return Promise.resolve([])
      return new Promise(resolve => {
        const leave = () => serve([])
        const serve = (found: readonly Found[]) => {
          clearTimeout(timer)
          signal?.removeEventListener('abort', leave)
          waiting.delete(wanted)
          resolve(found)
        }
        const timer = setTimeout(leave, seconds * 1000).unref()
        signal?.addEventListener('abort', leave)
        waiting.set(wanted, serve)
        setAlarm()
      })
    },
    close() {
      closed = true
      callOff()
      for (const serve of waiting.values()) serve([])
    },
  }
}
