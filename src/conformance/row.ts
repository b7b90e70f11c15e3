import type { World } from './world.ts'

/** One row of the fact sheet, and how to find out whether it is so here. */
export interface Row {
  /** `A10`; a classic mistake's begins with `I`. */
  readonly id: string
  /** The fact in a line of Markdown, in our words. */
  readonly says: string
  /** How sure anybody is of it: H, M, L or in between, as in the fact sheet. Mistakes have none of their own. */
  readonly confidence?: string
  /** What of it is assumed, or left out. */
  readonly note?: string
  /** Finds out: resolves when it is so, throws when it is not. */
  readonly holds?: (world: World) => Promise<void>
  /** Why nothing here can find out. */
  readonly notModelled?: string
}

/** A fact that is tried. */
export const fact = (
  id: string,
  confidence: string,
  says: string,
  holds: (world: World) => Promise<void>,
  note?: string,
): Row => ({ id, confidence, says, holds, ...(note && { note }) })

/** A fact that is none of this cloud's: an account's quotas, prices, consoles, other tools. */
export const notModelled = (id: string, confidence: string, says: string, because: string): Row => ({
  id,
  confidence,
  says,
  notModelled: because,
})

/** A classic mistake: a small stack that makes it, and what the client and the logs then show. */
export const mistake = (id: string, says: string, holds: (world: World) => Promise<void>): Row => ({
  id,
  says,
  holds,
})

/** Whether a row is strict: AWS's documents or a capture stand behind at least a part of it. What is not is assumed. */
export const isStrict = ({ confidence = 'H' }: Row): boolean => /^(H|M(?!-L))/.test(confidence)
