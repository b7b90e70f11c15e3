import type { Lane } from './lanes.ts'
import type { WireEvent } from './protocol.ts'

/** The kinds by which rows are filtered. */
export const kinds = [
  'handshake',
  'frame',
  'close',
  'invocation',
  'decision',
  'failure',
  'message',
  'item',
  'log',
  'alarm',
  'deploy',
  'onlooker',
  'detail',
] as const
export type Kind = (typeof kinds)[number]

/** What each kind is called, and whether it is shown unless somebody asks for it. */
export const kindNames: Readonly<Record<Kind, { readonly title: string; readonly usual: boolean }>> = {
  handshake: { title: 'Handshakes', usual: true },
  frame: { title: 'Frames', usual: true },
  close: { title: 'Closes', usual: true },
  invocation: { title: 'Invocations', usual: true },
  decision: { title: 'IAM decisions', usual: true },
  failure: { title: 'Failed calls', usual: true },
  message: { title: 'Topics and queues', usual: true },
  item: { title: 'Items', usual: true },
  log: { title: 'Log lines', usual: true },
  alarm: { title: 'Alarms', usual: true },
  deploy: { title: 'Deployment', usual: false },
  onlooker: { title: 'Your own calls, and the check’s', usual: false },
  detail: { title: 'Each call, answer and start', usual: false },
}

/** An event as a row of the diagram, and as a sentence. */
export interface Row {
  readonly id: number
  readonly at: number
  readonly kind: Kind
  /** An arrow from here to there, or a mark on one lane where `to` is not given. */
  readonly from: Lane
  readonly to?: Lane
  readonly label: string
  readonly tone: 'in' | 'out' | 'good' | 'bad' | 'plain' | 'quiet'
  /** Denied, refused or failed. */
  readonly bad: boolean
  /** Of an invocation, in milliseconds. */
  readonly took?: {
    readonly ms: number
    readonly cold: boolean
    /** How long its instance took to start. */
    readonly startMs?: number
    /** How long its message waited in a queue, or at a topic. */
    readonly waitedMs?: number
  }
  /** The row in words, for small screens and screen readers. */
  readonly twin: string
  /** Everything in it that people search for, in lower case. */
  readonly haystack: string
  readonly event: WireEvent
}
