/** The outcome of one criterion, or of a whole check. `error` is never the learner's fault. */
export type Outcome = 'pass' | 'fail' | 'error'

/** A criterion, judged. Findings go to the terminal, to JSON and to the browser alike. */
export interface Finding {
  readonly id: string
  readonly says: string
  readonly verdict: Outcome | 'skipped'
  /** What the probe did, in the order it did it. */
  readonly did?: string
  readonly expected?: string
  readonly observed?: string
  /** Frames, handshake statuses, close codes, log lines. */
  readonly evidence?: readonly string[]
  readonly means?: string
  /** Of a promise that is skipped: the id of the broken one that comes first. Absent where it cannot be tried here. */
  readonly after?: string
  /** `starter/lab2-wrong-permissions/stack.ts:41`. */
  readonly where?: string
  readonly hint?: string
  readonly ms: number
}

/** A lab, checked: the document that `--json` prints. */
export interface Verdict {
  readonly version: 1
  readonly lab: string
  readonly target: 'local' | 'aws'
  /** `starter`, `solution`, or the folder given with --from. */
  readonly source: string
  readonly verdict: Outcome
  readonly criteria: readonly Finding[]
  /** Milliseconds. */
  readonly ms: {
    readonly synth: number
    readonly deploy: number
    readonly probe: number
    readonly total: number
  }
}
