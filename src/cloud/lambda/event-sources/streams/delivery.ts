import { randomUUID } from 'node:crypto'
import type { Clock } from '../../../clock.ts'
import { AwsError } from '../../../error.ts'
import type { Events } from '../../../events.ts'
import type { Destinations } from '../../asynchronous/destinations.ts'
import type { Named } from '../../functions.ts'
import type { Finished } from '../../invoke.ts'
import { failedIds } from '../report.ts'
import { failureRecord, type GivenUp } from './failure-record.ts'
import type { Entry } from './lane.ts'
import type { StreamSettings } from './settings.ts'
import type { StreamSources } from './source.ts'

/** What the deliveries of one mapping need. */
export interface Delivering {
  readonly settings: StreamSettings
  readonly sources: StreamSources
  readonly destinations: Pick<Destinations, 'send'>
  readonly clock: Clock
  readonly events: Pick<Events, 'causing'>
  /** The function as it is now; nothing when there is none. */
  readonly find: () => Named | undefined
  /** Throws `AwsError` when it cannot be run. */
  readonly run: (named: Named, payload: string) => Promise<Finished>
  /** Told how the last batch went. */
  readonly processed: (result: string) => void
}

/** A batch, or a part of one after it was split. */
interface Part {
  readonly entries: readonly Entry[]
  /** How often it has been tried again. */
  readonly retries: number
  readonly invocations: number
  readonly last: Finished | undefined
}

/** Between two attempts, in milliseconds by the cloud's clock: half a second, then twice as long each time. AWS does not say. */
const [FIRST_WAIT, LONGEST_WAIT] = [500, 60_000]

/** How long a stream keeps a record, in seconds. */
const KEPT = 24 * 60 * 60

/**
 * Runs the function with a batch until it is through: a batch that fails is tried again, split, or given up, as the mapping says. What
 * comes behind it waits. It is left off when `signal` aborts.
 */
export async function deliver(
  batch: readonly Entry[],
  reached: (position: number) => void,
  delivering: Delivering,
  signal: AbortSignal,
): Promise<void> {
  const { clock } = delivering
  const parts: Part[] = [{ entries: batch, retries: 0, invocations: 0, last: undefined }]
  for (let wait = FIRST_WAIT; parts[0] && !signal.aborted; ) {
    const part = parts[0]
    reached(part.entries[0]!.record.position)
    const young = withoutOld(part, delivering)
    if (young !== part) {
      parts.splice(0, 1, ...(young ? [young] : []))
      continue
    }
    const tried = await attempt(part, delivering)
    if (tried.kind === 'over') {
      parts.splice(0, 1, ...tried.left)
      if (tried.left.length === 0 || tried.isSplit) {
        wait = FIRST_WAIT
        continue
      }
    }
    await pause(clock, wait, signal)
    wait = Math.min(wait * 2, LONGEST_WAIT)
  }
  if (!parts[0]) reached(batch.at(-1)!.record.position + 1)
}

/** The part without records that are too old, which are given up; undefined when none is left, the same part when none is too old. */
function withoutOld(part: Part, delivering: Delivering): Part | undefined {
  const { clock, settings } = delivering
  const oldest = clock.now() - Math.min(settings.maximumAge, KEPT) * 1000
  const old = part.entries.filter(({ record }) => record.at < oldest)
  if (old.length === 0) return part
  giveUp({ ...part, entries: old }, 'RecordAgeExceeded', delivering)
  const entries = part.entries.slice(old.length)
  return entries.length === 0 ? undefined : { ...part, entries }
}

type Tried =
  | { readonly kind: 'over'; readonly left: readonly Part[]; readonly isSplit: boolean }
  /** There was no room, no role, no function or no permission: the batch waits, and that does not count as an attempt. */
  | { readonly kind: 'not run' }

async function attempt(part: Part, delivering: Delivering): Promise<Tried> {
  const { settings, sources, events, find, run, processed } = delivering
  const { entries } = part
  const named = find()
  if (!named || !sources.may(settings.sourceArn, named.version.configuration)) return { kind: 'not run' }
  const payload = `{"Records":[${entries.map(({ json }) => json).join(',')}]}`
  let last: Finished
  try {
    // An invocation has one cause: the first record of its batch.
    last = await events.causing(entries[0]!.record.cause, () => run(named, payload))
  } catch (error) {
    if (!(error instanceof AwsError)) throw error
    return { kind: 'not run' }
  }
  const from = firstFailed(entries, last, settings.reportsFailures)
  processed(from === undefined ? 'OK' : 'PROBLEM: Function call failed')
  if (from === undefined) return { kind: 'over', left: [], isSplit: false }
  return afterFailure({ ...part, invocations: part.invocations + 1, last }, from, delivering)
}

/** The place of the first record that failed; nothing when all went well. What stands behind it counts as failed too. */
function firstFailed(
  entries: readonly Entry[],
  last: Finished,
  reportsFailures: boolean,
): number | undefined {
  if (last.kind === 'failed') return 0
  if (!reportsFailures) return undefined
  const numbers = entries.map(({ record }) => record.sequenceNumber)
  const failed = failedIds(last.payload, new Set(numbers))
  const at = numbers.findIndex(number => failed.has(number))
  return at === -1 ? undefined : at
}

/** What is left of a part that failed from one record on. To split it does not count as to try it again. */
function afterFailure(part: Part, from: number, delivering: Delivering): Tried {
  const { bisects, retries: most } = delivering.settings
  const entries = part.entries.slice(from)
  if (bisects && part.entries.length > 1) {
    const half = Math.ceil(entries.length / 2)
    const halves = from > 0 ? [entries] : [entries.slice(0, half), entries.slice(half)]
    return { kind: 'over', left: halves.map(one => ({ ...part, entries: one })), isSplit: true }
  }
  const again = { ...part, entries, retries: part.retries + 1 }
  if (again.retries <= most) return { kind: 'over', left: [again], isSplit: false }
  giveUp(again, 'RetryAttemptsExhausted', delivering)
  return { kind: 'over', left: [], isSplit: false }
}

/** Tells the destination of records that will not be tried again, if there is one. */
function giveUp({ entries, invocations, last }: Part, condition: GivenUp, delivering: Delivering): void {
  const { settings, sources, destinations, events, find, clock } = delivering
  const [named, stream] = [find(), sources.find(settings.sourceArn)]
  const { onFailure } = settings
  if (onFailure === undefined || !named || !stream) return
  const requestId = last?.requestId ?? randomUUID()
  const how = { condition, invocations, last, requestId, now: clock.now() }
  const body = failureRecord(named, stream, entries, how)
  events.causing(entries[0]!.record.cause, () =>
    destinations.send(onFailure, named.version.configuration, { body }),
  )
}

/** Waits by the cloud's clock, or until `signal` aborts. */
function pause(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve()
  return new Promise(resolve => {
    const over = () => {
      callOff()
      signal.removeEventListener('abort', over)
      resolve()
    }
    const callOff = clock.after(ms, over)
    signal.addEventListener('abort', over)
  })
}
