import type { Need } from './criterion.ts'

/** Where a stack can run: the local cloud, or AWS. */
export interface Target {
  readonly name: 'local' | 'aws'
  readonly can: ReadonlySet<Need>
  /** Throws `DeployFailed` when the stack is at fault; any other error is ours. */
  deploy(assembly: Assembly): Promise<Deployment>
}

/** What synth leaves behind: a cloud assembly of one stack. */
export interface Assembly {
  /** The folder with `manifest.json`. */
  readonly directory: string
  readonly stackName: string
  /** Where the learner's code made what: for pointing at a line. */
  readonly origins: readonly Origin[]
}

/** Which line of the learner's code made a resource. */
export interface Origin {
  readonly logicalId: string
  readonly type: string
  /** The construct path: `Chat/Say/ServiceRole/Resource`. */
  readonly path: string
  /** `starter/lab1-missing-route/stack.ts:41`. */
  readonly line?: string
  /** Of a function: the logical id of the log group that the template gives it. */
  readonly logGroup?: string
}

/** A stack that is up. Nothing that is given one can tell where it runs. */
export interface Deployment {
  readonly outputs: Readonly<Record<string, string>>
  readonly resources: readonly {
    readonly logicalId: string
    readonly type: string
    readonly physicalId: string
  }[]
  /** An AWS SDK client configuration that reaches the account. */
  readonly aws: {
    readonly region: string
    readonly endpoint?: string
    readonly credentials: any
  }
  readonly accountId: string
  /** How long to wait for something that should come, in milliseconds. */
  readonly patience: number
  /** Moves the clock on, where the target can. */
  advanceClock?(ms: number): void
  /** Resolves when no function is at work any more, where the target can tell: until then more may be logged. */
  settled?(): Promise<void>
  destroy(): Promise<void>
}

/** The stack could not be deployed, and it is the stack's fault. */
export class DeployFailed extends Error {
  /** The resource whose failure came first. */
  readonly logicalId: string | undefined
  readonly reason: string
  /** Further lines: the events that led here, or everything that was refused. */
  readonly evidence: readonly string[]

  constructor(failure: { logicalId?: string; reason: string; evidence?: readonly string[] }) {
    super(failure.reason)
    this.name = 'DeployFailed'
    this.logicalId = failure.logicalId
    this.reason = failure.reason
    this.evidence = failure.evidence ?? []
  }
}
