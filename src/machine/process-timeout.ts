import { fairTimeout } from './fair-timer.ts'
import { shareOf } from './starvation.ts'

/** A limit is stretched so many times at most, whatever the machine is about. */
const MOST = 20

/**
 * Runs `task` once, after `ms` in which the process `pid` had what it needed: what it waited for a processor does not count,
 * nor what this process waited, on whose answers it may depend. So a loop ends in time on a quiet machine, and after as much work on a
 * busy one. Where the system does not count that, it is `fairTimeout`. The answer calls it off.
 */
export function processTimeout(pid: number, ms: number, task: () => void): () => void {
  const began = performance.now()
  const before = waitedBy(pid)
  if (before === undefined) return fairTimeout(ms, task)
  let timer = setTimeout(ring, ms)
  return () => clearTimeout(timer)

  function ring() {
    const elapsed = performance.now() - began
    const waited = (waitedBy(pid) ?? before!) - before!
    const left = Math.min(ms - (elapsed - waited), MOST * ms - elapsed)
    // What setTimeout rounds away is not waited for.
    if (left > 1) timer = setTimeout(ring, left)
    else task()
  }
}

function waitedBy(pid: number): number | undefined {
  const [theirs, ours] = [shareOf(pid), shareOf('self')]
  return theirs && ours && theirs.waited + ours.waited
}
