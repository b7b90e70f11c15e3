import type { Finding, Outcome, Tries, Verdict } from '#kit'
import type { CloudEvent } from '../../cloud/events.ts'

/** An event of the cloud, as the page is told of it. */
export type WireEvent = CloudEvent

/** What the physical names of a stack's resources stand for in the learner's code. */
export interface Directory {
  readonly region: string
  readonly accountId: string
  /** Physical id → what it is called in the code: `chat-sendMessage47714EF6-MLD07` → `sendMessage`. */
  readonly names: Readonly<Record<string, string>>
  /** Log group → the physical name of the function that writes to it. */
  readonly logGroups: Readonly<Record<string, string>>
  /** Physical names of functions that are authorizers. */
  readonly authorizers: readonly string[]
  /** What clients are called by those who connected them, by the connectionId: `ana`. */
  readonly clients?: Readonly<Record<string, string>>
}

/** A finding, and the events that came while it was tried. */
export interface FindingOnWire {
  readonly finding: Finding
  readonly from: number
  readonly to: number
}

/** A check as far as it has come. */
export interface CheckState {
  readonly lab: string
  /** Whether something was broken at first: only then a pass means that it is fixed. */
  readonly hasFault: boolean
  /** The page that a pass opens: `docs/routes.md#what-was-wrong`. */
  readonly explanation: string
  readonly startedAt: number
  /** What is under way, and since when. */
  readonly step?: { readonly says: string; readonly since: number }
  readonly criteria: readonly { readonly id: string; readonly says: string }[]
  readonly findings: readonly FindingOnWire[]
  readonly verdict?: Verdict
}

/** One lab as the list shows it. */
export interface LabState {
  readonly id: string
  readonly title: string
  readonly about: string
  /** Whether something was broken at first. */
  readonly hasFault: boolean
  readonly tries: Tries
  readonly passed?: string
  readonly last?: { readonly verdict: Outcome; readonly kept: number; readonly of: number }
}

/** What people may ask for, and cannot always have. */
export type Act = 'check' | 'up' | 'down' | 'clock' | 'connect'

/** The state of the whole workbench, apart from the events. */
export interface BenchState {
  readonly labs: readonly LabState[]
  /** Why there are no labs here, in words. */
  readonly withoutLabs?: string
  /** What is under way; then nothing else can be begun. */
  readonly busy?: { readonly what: 'check' | 'up' | 'down'; readonly says: string }
  /** Why something cannot be done now, in words. What is not in it can be done. */
  readonly cannot: Readonly<Partial<Record<Act, string>>>
  readonly up: readonly { readonly stackName: string; readonly outputs: Readonly<Record<string, string>> }[]
  /** What of which lab is up. */
  readonly standing?: { readonly lab: string; readonly source: 'starter' | 'solution' }
  /** `ws://localhost:PORT/live` of every stage. */
  readonly sockets: readonly string[]
  /** How far the cloud's clock is ahead of this machine's, in milliseconds. */
  readonly clockAhead: number
  /** The lab that is checked again with each save. */
  readonly watching?: string
  readonly check?: CheckState
  /** The last thing that went wrong, in words. */
  readonly trouble?: string
  readonly directory: Directory
}
