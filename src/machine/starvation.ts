import { readFileSync } from 'node:fs'
import { lostTime } from './fair-timer.ts'

/** How long a process had a processor, and how long it waited for one although it could have run, in milliseconds. */
export interface Share {
  readonly ran: number
  readonly waited: number
}

/**
 * What the system says of a process's main thread since it began: Linux counts it, waits for a control group's next share
 * included. Undefined elsewhere, and for a process that has ended.
 */
export function shareOf(pid: number | 'self'): Share | undefined {
  try {
    const [ran, waited] = readFileSync(`/proc/${pid}/schedstat`, 'latin1').split(' ').map(Number)
    return ran === undefined || waited === undefined ? undefined : { ran: ran / 1e6, waited: waited / 1e6 }
  } catch {
    return undefined
  }
}

/** Whether this process got too little of the machine for a while. */
export interface Starvation {
  /** Of the time from the beginning until now. Milliseconds. */
  read(): Share & { readonly elapsed: number }
  end(): void
}

/** Begins to measure. Where the system does not count, what the processors could not spare is taken for waiting. */
export function measureStarvation(): Starvation {
  const began = performance.now()
  const before = shareOf('self')
  const ranBefore = process.cpuUsage()
  const machine = before ? undefined : lostTime()
  return {
    read() {
      const elapsed = performance.now() - began
      const now = before && shareOf('self')
      if (before && now) return { elapsed, ran: now.ran - before.ran, waited: now.waited - before.waited }
      const { user, system } = process.cpuUsage(ranBefore)
      return { elapsed, ran: (user + system) / 1000, waited: machine?.lost() ?? 0 }
    },
    end: () => machine?.end(),
  }
}

/** Less waiting than this, in milliseconds, makes nothing come too late. */
const LITTLE = 1_000

/** Whether a process that waited so long for a processor was starved: for most of the time it could have run, and did not. */
export const isStarved = ({
  waited,
  elapsed,
}: Pick<Share, 'waited'> & { readonly elapsed: number }): boolean => waited > LITTLE && waited > elapsed / 2
