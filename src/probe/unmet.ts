/** A policy's statement that allows too much: what the report's line is found by. */
export interface Granted {
  /** The inline policy's name, or the physical id of the resource that holds the policy. */
  readonly policy: string
  /** The place of the statement in the policy. */
  readonly statement: number
  /** The physical id of the role in question: its line is reported where the statement's is not known. */
  readonly role?: string
}

/** A promise that was not kept: what was expected, and what was seen instead. Thrown by a probe, caught once, by the judge. */
export class Unmet extends Error {
  readonly expected: string
  readonly observed: string
  /** Whatever the probe itself can show besides the frames and log lines that are collected anyway. */
  readonly evidence: readonly string[]
  /** What it means, where the probe knows better than the criterion's diagnoses. */
  readonly means: string | undefined
  /** The statement that is at fault, where one is. */
  readonly granted: Granted | undefined
  /** The line of the learner's code, where the probe knows it: `starter/lab1-missing-route/stack.ts:41`. */
  readonly where: string | undefined

  constructor(seen: {
    expected: string
    observed: string
    evidence?: readonly string[]
    means?: string
    granted?: Granted
    where?: string
  }) {
    super(`expected ${seen.expected}, saw ${seen.observed}`)
    this.name = 'Unmet'
    this.expected = seen.expected
    this.observed = seen.observed
    this.evidence = seen.evidence ?? []
    this.means = seen.means
    this.granted = seen.granted
    this.where = seen.where
  }
}
