import { fairTimeout, lostTime } from './fair-timer.ts'
import { behindFence } from './fence.ts'
import { shareOf } from './starvation.ts'

/** A limit is stretched so many times at most, whatever the machine is about. */
const MOST = 20

/**
 * The system is asked so long after the beginning, in milliseconds: to ask it takes longer than most invocations do, and those are over
 * by then. What was waited for a processor until then is not known. Only if this process comes late, too, it counts.
 */
const LOOKS_AFTER = 50

/**
 * Runs `task` once, after `ms` in which the process `pid` had what it needed: what it waited for a processor does not count,
 * nor what this process waited, on whose answers it may depend. So a loop ends in time on a quiet machine, and after as much work on a
 * busy one. It is never earlier than `fairTimeout`, by which those wait who wait for it; where the system does not count, it is
 * `fairTimeout`. The answer calls it off.
 */
export function processTimeout(pid: number, ms: number, task: () => void): () => void {
  isCounted ??= shareOf('self') !== undefined
  if (!isCounted) return fairTimeout(ms, task)
  const began = performance.now()
  const machine = lostTime()
  let before: number | undefined
  /** How long nobody looked, beyond what was meant. */
  let unseen = 0
  let timer = setTimeout(begin, Math.min(ms, LOOKS_AFTER))
  return () => {
    machine.end()
    clearTimeout(timer)
  }

  function begin() {
    before = waitedBy(pid)
    unseen = Math.max(0, performance.now() - began - Math.min(ms, LOOKS_AFTER))
    ring()
  }

  function ring() {
    const elapsed = performance.now() - began
    const waited = unseen + (before === undefined ? 0 : (waitedBy(pid) ?? before) - before)
    const left = Math.min(ms - (elapsed - Math.max(waited, machine.lost())), MOST * ms - elapsed)
    // What setTimeout rounds away is not waited for.
    if (left > 1) {
      timer = setTimeout(ring, left)
      return
    }
    machine.end()
    task()
  }
}

/** Whether the system counts what processes wait. */
let isCounted: boolean | undefined

function waitedBy(pid: number): number | undefined {
  // Behind a fence there are two: what starts it waits as well.
  const inside = behindFence(pid)
  const behind = inside === pid ? 0 : (shareOf(inside)?.waited ?? 0)
  const [theirs, ours] = [shareOf(pid), shareOf('self')]
  return theirs && ours && theirs.waited + ours.waited + behind
}
