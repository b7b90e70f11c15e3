/** A promise that was not kept: what was expected, and what was seen instead. Thrown by a probe, caught once, by the judge. */
export class Unmet extends Error {
  readonly expected: string
  readonly observed: string
  /** Whatever the probe itself can show besides the frames and log lines that are collected anyway. */
  readonly evidence: readonly string[]
  /** What it means, where the probe knows better than the criterion's diagnoses. */
  readonly means: string | undefined

  constructor(seen: { expected: string; observed: string; evidence?: readonly string[]; means?: string }) {
    super(`expected ${seen.expected}, saw ${seen.observed}`)
    this.name = 'Unmet'
    this.expected = seen.expected
    this.observed = seen.observed
    this.evidence = seen.evidence ?? []
    this.means = seen.means
  }
}
