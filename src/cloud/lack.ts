import type { AwsError } from './error.ts'

const lacks = new WeakSet<object>()

/** Marks a refusal as a limit of this cloud: AWS may accept what was asked for. Without the mark a refusal is AWS's. */
export function lacking(error: AwsError): AwsError {
  lacks.add(error)
  return error
}

/** Whether AWS may accept what was refused with this error. */
export const isLack = (error: unknown): boolean =>
  typeof error === 'object' && error !== null && lacks.has(error)

/** What the cloud was asked for and does not have. */
export interface LackLog {
  note(what: string): void
  /** The lines since then, each once. In milliseconds since the epoch, by real time. */
  since(time: number): readonly string[]
}

/** The most lines that are kept: a handler may ask for the same thing in a loop. */
const MOST_LINES = 200

export function lackLog(): LackLog {
  const lastTime = new Map<string, number>()
  return {
    note(what) {
      // Deleted first, so that the oldest is always at the front.
      lastTime.delete(what)
      lastTime.set(what, Date.now())
      for (const oldest of lastTime.keys()) {
        if (lastTime.size <= MOST_LINES) break
        lastTime.delete(oldest)
      }
    },
    since: time => [...lastTime].filter(([, at]) => at >= time).map(([what]) => what),
  }
}
