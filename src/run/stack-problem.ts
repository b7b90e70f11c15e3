/** What is reported of a stack that could not be brought up, before any criterion was tried. */
export interface ProblemSeen {
  readonly observed: string
  readonly evidence?: readonly string[]
  readonly means: string
  readonly where?: string
}

/** The steps before the first criterion. Each is reported as a finding of its own when it fails. */
export type Step = 'compiles' | 'synthesizes' | 'deploys'

/** The stack does not compile, synthesize or deploy. That is the stack's fault, unless only this target cannot run it. */
export class StackProblem extends Error {
  readonly step: Step
  readonly seen: ProblemSeen
  /** Where to read about what this target does not support: then nobody is at fault. */
  readonly lacks: string | undefined

  constructor(step: Step, seen: ProblemSeen, lacks?: string) {
    super(seen.observed)
    this.name = 'StackProblem'
    this.step = step
    this.seen = seen
    this.lacks = lacks
  }
}
