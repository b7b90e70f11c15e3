import { availableParallelism } from 'node:os'
import { isMachineFull } from '../../machine/fair-timer.ts'

/** What is known of a function's instances, and of those who wait for one. Times in milliseconds. */
export interface Staff {
  readonly waiting: number
  /** Instances that have started. */
  readonly up: number
  readonly starting: number
  /** How long somebody has been waiting without any instance coming free or starting. */
  readonly stuckFor: number
  /** How long the function takes for one event; undefined before its first. */
  readonly usualRun: number | undefined
  /** How long an instance takes to start. */
  readonly startCost: number
  /** Whether every processor of the machine is busy. */
  readonly isMachineFull: boolean
}

/** As many instances are worth a try on a machine that has no processor to spare. */
const FEW = 2 * Math.max(2, availableParallelism())

/** How long a start is taken to last before one has been seen, in milliseconds. */
const USUAL_START = 250

/**
 * How many instances should be starting. AWS starts one for each event that finds none free. Here a start costs more processor time
 * than most functions take for a thousand events: another instance is started when the wait would be longer than its start. What
 * waits for that long although no instance comes free, as an event does whose function waits for another event, gets one in any case.
 */
export function wantedStarts(staff: Staff): number {
  const { waiting, up, starting, stuckFor, usualRun, startCost } = staff
  if (waiting === 0) return 0
  if (up + starting === 0) return 1
  if (stuckFor >= startCost) return Math.min(waiting, starting + 1)
  if (up === 0 || usualRun === undefined || (staff.isMachineFull && up >= FEW)) return starting
  // So many instances would be through with all who wait by the time that another one has started.
  const enough = Math.ceil((waiting * usualRun) / startCost)
  return Math.max(starting, Math.min(waiting, enough - up))
}

/** Remembers how long runs and starts of one function take, and tells how many instances are wanted. Times by `performance.now()`. */
export interface Staffing {
  /** An instance has begun to start. */
  begins(): void
  /** An instance took so many milliseconds to start. */
  started(ms: number): void
  /** An instance has come free, after so many milliseconds of work if it did any. */
  cameFree(ms?: number): void
  /** How many should be starting. `since` is when the one who waits longest came. */
  wanted(waiting: number, since: number, up: number, starting: number): number
  /** Calls `look` when somebody may have waited for too long, unless that is to happen already. */
  lookAgain(): void
  stop(): void
}

export function staffing(look: () => void): Staffing {
  const usualRun = recentMean()
  const usualStart = recentMean()
  const startCost = () => usualStart.value ?? USUAL_START
  let movedAt = 0
  let timer: NodeJS.Timeout | undefined

  return {
    begins() {
      movedAt = performance.now()
    },
    started: usualStart.add,
    cameFree(ms) {
      movedAt = performance.now()
      if (ms !== undefined) usualRun.add(ms)
    },
    wanted: (waiting, since, up, starting) =>
      wantedStarts({
        waiting,
        up,
        starting,
        stuckFor: performance.now() - Math.max(movedAt, since),
        usualRun: usualRun.value,
        startCost: startCost(),
        isMachineFull: isMachineFull(),
      }),
    lookAgain() {
      timer ??= setTimeout(() => {
        timer = undefined
        look()
      }, startCost())
    },
    stop: () => clearTimeout(timer),
  }
}

/** A mean in which each sample counts for a fifth of what came before. */
export function recentMean(): { readonly value: number | undefined; add(sample: number): void } {
  let value: number | undefined
  return {
    get value() {
      return value
    },
    add(sample) {
      value = value === undefined ? sample : value + (sample - value) / 5
    },
  }
}
