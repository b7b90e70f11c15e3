import type { Need } from './criterion.ts'

/** Where a stack can run: the local cloud, or AWS. */
export interface Target {
  readonly name: 'local' | 'aws'
  readonly can: ReadonlySet<Need>
  /** How a lab's stack is to be synthesized for it; by itself as `wslab-<lab>`. */
  synthesis?(lab: string): Promise<Synthesis>
  /** How long IAM may take there to do what it has been told; not given where it does so at once. */
  readonly settling?: Settling
  /**
   * Throws `DeployFailed` when the stack is at fault, and `NotSupportedHere` for what only this target cannot run; any
   * other error is ours.
   */
  deploy(assembly: Assembly): Promise<Deployment>
}

/** What a stack is called and marked with, and where its assets are put. */
export interface Synthesis {
  readonly stackName: string
  readonly tags?: Readonly<Record<string, string>>
  readonly assetBucket?: string
  /** CDK context that goes over that of the folder's cdk.json, as with `cdk deploy -c`. */
  readonly context?: Context
}

/** CDK context as `cdk deploy -c key=value` gives it: every value is a text. */
export type Context = Readonly<Record<string, string>>

/** IAM is eventually consistent: what a policy allows may be refused for a while. In milliseconds. */
export interface Settling {
  /** How long after a deployment a refusal may still be none. */
  readonly within: number
  /** A refusal that has lasted this long is one. */
  readonly window: number
  /** How often to try meanwhile. */
  readonly every: number
  /** Tells whoever looks on that they will have to wait, and for what. */
  tell(text: string): void
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
  /** Of a function: the environment variable whose value begins with `wss://`, an address for clients, if there is one. */
  readonly addressForClients?: string
  /** Of what holds policies: which line granted each of their statements. */
  readonly policies?: readonly PolicyLines[]
}

/** The lines of the learner's code that granted a policy's statements. */
export interface PolicyLines {
  /** An inline policy's name. */
  readonly name?: string
  /** By the place of the statement in the policy. */
  readonly lines: readonly (string | undefined)[]
}

/** A stack that is up. Nothing that is given one can tell where it runs. */
export interface Deployment {
  readonly outputs: Readonly<Record<string, string>>
  /** Those of the stack, and of the stacks that are nested in it. */
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
  /** `host:port` or `host` of every API of the stack, as its outputs have it. Not given where nobody can tell. */
  readonly apiHosts?: readonly string[]
  /** How long to wait for something that should come, in milliseconds. */
  readonly patience: number
  /** Moves the clock on, where the target can. */
  advanceClock?(ms: number): void
  /** Resolves when no function is at work any more, where the target can tell: until then more may be logged. */
  settled?(): Promise<void>
  /**
   * What the stack has asked for since then that AWS may have and this target has not, a line each. In milliseconds since
   * the epoch. Not given where there is no such thing.
   */
  lackedSince?(time: number): readonly string[]
  /**
   * Resolves when the account is at rest, where the target can tell: nothing is under way any more, and nothing falls due within
   * the patience, so that nothing will happen unless somebody from outside does something. Answers with how many clients are
   * connected. Rejects when `signal` aborts.
   */
  atRest?(signal: AbortSignal): Promise<number>
  /** Sends consecutive events of a function to different instances from now on, where the target can. Throws when it does so already. */
  spread?(): Spread
  destroy(): Promise<void>
}

/** Events that are being spread. */
export interface Spread {
  /**
   * The next `count` requests (handshakes, messages, goodbyes) are held until all have come. Then all are under way at once, and all
   * have read what they read before any writes. `through`: one of those who send them has nothing to wait for any more.
   */
  meet(count: number): { through(): void }
  end(): void
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

/** This target cannot run the stack, and another may: nobody is at fault. Where AWS would refuse it too, `DeployFailed` comes first. */
export class NotSupportedHere extends Error {
  /** The first resource that cannot be run. */
  readonly logicalId: string | undefined
  /** Everything that is not supported, a line each. */
  readonly lines: readonly string[]

  constructor(lines: readonly string[], logicalId?: string) {
    super(`Not supported here:\n${lines.map(line => `  ${line}`).join('\n')}`)
    this.name = 'NotSupportedHere'
    this.lines = lines
    this.logicalId = logicalId
  }
}
