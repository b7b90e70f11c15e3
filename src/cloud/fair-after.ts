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
  let granted = 0
  let cancel = clock.after(ms, ring)
  return () => {
    machine.end()
    cancel()
  }

  function ring() {
    const more = machine.lost() - granted
    if (more > LITTLE && !wasMoved()) {
      granted += more
      cancel = clock.after(more, ring)
      return
    }
    machine.end()
    task()
  }

  function wasMoved() {
    const passed = clock.now() - began
    const passedReally = performance.now() - beganReally
    return Math.abs(passed - passedReally) > LITTLE
  }
}
