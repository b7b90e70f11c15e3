import type { Scene } from '../probe/people.ts'

/** One promise that a fixed stack keeps. */
export interface Criterion {
  /** `everybody-hears`. */
  readonly id: string
  /** The promise, in the words of the story: `What one client says, every client hears`. */
  readonly says: string
  /** `docs/permissions.md#who-may-post`. */
  readonly hint: string
  /** Criteria without which this one cannot be judged: if one of them is broken, this one is skipped, not red. */
  readonly after?: readonly string[]
  /** What the target, or the machine, must be able to do; where it cannot, the criterion is reported as not checked there. */
  readonly needs?: readonly Need[]
  /**
   * It needs no socket, and disturbs nobody: it may be tried while others are. It is reported in its place all the same. No
   * log lines are shown of it, as they would be those of others.
   */
  readonly early?: true
  /** Tries it out. Throws `Unmet` when the promise is not kept; any other error is ours. */
  probe(scene: Scene): Promise<void>
  /** What a broken promise can mean, most telling first. The first whose `when` is found in the evidence is reported. */
  readonly diagnoses?: readonly Diagnosis[]
}

/**
 * Something that not every target can do (moving the clock, reaching a stack by a custom domain), or not every machine (starting a
 * browser).
 */
export type Need = 'clock' | 'domain' | 'browser'

/** From what was seen to what it means. */
export interface Diagnosis {
  /** Looked for in every line of the evidence and in what was observed: frames, statuses, log lines. Without it the diagnosis always fits: put that one last. */
  readonly when?: RegExp
  /** `The function that sends may not read the table.` May use the groups of `when`: `$1`. */
  readonly means: string
  /** Where to look; a page's anchor if it is another than the criterion's. */
  readonly hint?: string
  /** The place in the learner's code. */
  readonly where?: Where
}

/**
 * A place in the learner's code: where a resource of a type is made (the first of that type, or the one whose name or
 * construct path matches `named`), or where the function was made whose log line `when` matched.
 */
export type Where = { readonly resource: string; readonly named?: RegExp } | 'the-function-that-said-it'
