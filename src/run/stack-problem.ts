/** What is reported of a stack that could not be brought up, before any criterion was tried. */
export interface ProblemSeen {
  readonly observed: string
  readonly evidence?: readonly string[]
  readonly means: string
  readonly where?: string
}

/** The steps before the first criterion. Each is reported as a finding of its own when it fails. */
export type Step = 'compiles' | 'synthesizes' | 'deploys'

/** The stack itself is at fault: it does not compile, synthesize or deploy. The learner's to mend, so not fixed yet. */
export class StackProblem extends Error {
  readonly step: Step
  readonly seen: ProblemSeen

  constructor(step: Step, seen: ProblemSeen) {
    super(seen.observed)
    this.name = 'StackProblem'
    this.step = step
    this.seen = seen
  }
}
