import { type LostTime, lostTime } from '../machine/fair-timer.ts'
import type { Clock } from './clock.ts'

/** Less than this is neither put off nor taken for a moved clock, in milliseconds. */
const LITTLE = 20

/**
 * Runs `task` once, when `ms` have passed by the cloud's clock. What the machine could not spare (`lostTime`) does not count:
 * the limit is for work that runs on this machine, and would be quicker on AWS's. A clock that was moved is taken at its
 * word. The answer calls it off.
 */
export function fairAfter(
  clock: Clock,
  ms: number,
  task: () => void,
  machine: LostTime = lostTime(),
): () => void {
  const [began, beganReally] = [clock.now(), performance.now()]
  let cancel = clock.after(ms, ring)
  return () => {
    machine.end()
    cancel()
  }

  function ring() {
    const passedReally = performance.now() - beganReally
    const wasMoved = Math.abs(clock.now() - began - passedReally) > LITTLE
    const left = ms - (passedReally - machine.lost())
    if (left > LITTLE && !wasMoved) {
      cancel = clock.after(left, ring)
      return
    }
    machine.end()
    task()
  }
}
