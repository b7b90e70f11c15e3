import { shortened } from './shortened.ts'

/** Everything that went over the sockets of one scene, in order, as lines: `ana > {"action":"whoami"}`. */
export interface Transcript {
  /** What was done, in words. */
  readonly did: readonly string[]
  /** Frames, refusals and closes. The marks are wscat's: `>` sent, `<` received. */
  readonly frames: readonly string[]
  step(line: string): void
  frame(line: string): void
  /** Notes that something is being done, of which no line tells. */
  doing(): void
  /** When something was last done, in milliseconds since the epoch. */
  readonly lastDone: number
  /** A frame by which the gateway itself reports a failure: what was waited for will hardly come now. */
  alarm(): void
  /** Calls `listener` at each alarm. The answer stops it. */
  onAlarm(listener: () => void): () => void
  /** How many frames there have been, those that were not kept included. */
  readonly count: number
  /** Whether an alarm has gone off. */
  readonly alarmed: boolean
  /** Notes that a wait was given up because its time was over, and not because it was certain that nothing would come. */
  ranOut(): void
  /** Whether that has happened. */
  readonly hasRunOut: boolean
}

/** The most frames kept of one scene, and the most characters of one: a broken handler may echo without end. */
const MOST_FRAMES = 200
const MOST_CHARACTERS = 600
/** The most characters of a message in the list of what was done. */
const MOST_IN_A_STEP = 200

/** Starts an empty transcript. */
export function startTranscript(): Transcript {
  const did: string[] = []
  const frames: string[] = []
  const listeners = new Set<() => void>()
  let alarmed = false
  let hasRunOut = false
  let count = 0
  let lastDone = Date.now()

  return {
    did,
    frames,
    step(line) {
      lastDone = Date.now()
      did.push(line)
    },
    doing() {
      lastDone = Date.now()
    },
    get lastDone() {
      return lastDone
    },
    frame(line) {
      count += 1
      if (frames.length < MOST_FRAMES) frames.push(shortened(line, MOST_CHARACTERS))
      else if (frames.length === MOST_FRAMES) frames.push('… and more')
    },
    alarm() {
      alarmed = true
      for (const listener of listeners) listener()
    },
    onAlarm(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    get count() {
      return count
    },
    get alarmed() {
      return alarmed
    },
    ranOut() {
      hasRunOut = true
    },
    get hasRunOut() {
      return hasRunOut
    },
  }
}

/** A message as it is told among what was done. */
export const inAStep = (text: string): string => shortened(text, MOST_IN_A_STEP)
