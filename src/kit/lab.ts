import type { Criterion } from './criterion.ts'
import type { Context } from './target.ts'

/** How a lab is tried by hand. */
export interface Tries {
  /** What its clients send. */
  readonly frames: readonly string[]
  /** The query of their handshake: `token={idToken}`. The token of a test user takes the place of `{idToken}` or `{accessToken}`. */
  readonly query?: string
  /** The subprotocol that they offer. */
  readonly protocol?: string
}

/** A lab: a stack with something wrong, and the promises by which one can tell that it has been put right. */
export interface Lab {
  /** The name of its folder in every room: `lab1-missing-route`. */
  readonly id: string
  readonly title: string
  /** One line for the list of labs. */
  readonly about: string
  /** In the order of the story: the first one broken is the one to look at. */
  readonly criteria: readonly Criterion[]
  /** What a promise is worth when hand-ins are graded, by the criterion; 1 unless told here. The lab's README tells it, too. */
  readonly weights?: Readonly<Record<string, number>>
  /** CDK context with which the local cloud's stack is synthesized. On AWS, and by plain `cdk`, the stack goes without. */
  readonly context?: Context
  /**
   * The criteria that the untouched starter breaks, exactly; criteria skipped because of them are not among them. None for a lab in which
   * there is nothing to fix.
   */
  readonly starterBreaks: readonly string[]
  /** For each hint level the anchor in docs, weakest first; the last holds code. Keyed by the criterion that is broken. */
  readonly hints: Readonly<Record<string, readonly string[]>>
  /** The page that a pass opens. */
  readonly explanation: string
  readonly tries: Tries
}

/** Whether there is anything to fix in a lab. Lab 0 is only to look at. */
export const hasFault = ({ starterBreaks }: Pick<Lab, 'starterBreaks'>): boolean => starterBreaks.length > 0
