import { randomUUID } from 'node:crypto'
import type { Account } from '../../account.ts'
import type { Clock } from '../../clock.ts'
import { AwsError } from '../../error.ts'
import { findFunction, invokeConfigOf, type LambdaFunction, type Named, readName } from '../functions.ts'
import type { Finished } from '../invoke.ts'

/** An event that waits for its function, or is being worked on. */
export interface QueuedEvent {
  /** The same for every attempt, as on AWS. */
  readonly requestId: string
  /** JSON text. */
  readonly payload: string
  readonly functionArn: string
  /** Milliseconds by the cloud's clock. */
  readonly since: number
  /** How often the function has run for it. */
  readonly runs: number
  /** How often in a row there was no room for it. */
  readonly throttles: number
}

/** How an event ended, as records of it say. */
export type Condition = 'Success' | 'RetriesExhausted' | 'EventAgeExceeded' | 'ZeroReservedConcurrency'

/** How the last attempt went. `refused`: the function was not run, and why. */
export type Attempt =
  | Finished
  | { readonly kind: 'refused'; readonly requestId: string; readonly error: AwsError }

/** Told of every event that will not be tried again. */
export type Conclude = (named: Named, event: QueuedEvent, condition: Condition, last: Attempt) => void

/** How long Lambda waits after a function has failed for the first and the second time, in milliseconds. */
const RETRY_AFTER = [60_000, 120_000]

/** After a refusal for want of room: a second, then twice as long each time, and five minutes at most. */
const throttleWait = (throttles: number) => Math.min(1000 * 2 ** throttles, 300_000)

/** Seconds. */
const SIX_HOURS = 21_600

/**
 * Lambda's queue of events, kept by the cloud's clock. A function that fails is tried again after one minute and
 * after two; one for which there is no room, for as long as its event is kept. A reserved concurrency of none ends
 * the matter at once. Answers with the request's id.
 */
export function startEventQueue({
  functions,
  account,
  clock,
  run,
  conclude,
}: {
  readonly functions: ReadonlyMap<string, LambdaFunction>
  readonly account: Account
  readonly clock: Clock
  /** Throws `AwsError` when it cannot be run. */
  readonly run: (named: Named, payload: string, requestId: string) => Promise<Finished>
  readonly conclude: Conclude
}): (named: Named, payload: string) => string {
  return ({ arn }, payload) => {
    const requestId = randomUUID()
    void attempt({ requestId, payload, functionArn: arn, since: clock.now(), runs: 0, throttles: 0 })
    return requestId
  }

  async function attempt(event: QueuedEvent) {
    // Found anew each time: the function may have another configuration by now, or be gone, and its events with it.
    const named = find(event.functionArn)
    if (!named) return
    const last = await tried(named, event)
    if (last.kind === 'refused' && isPassing(last.error)) {
      if (named.fn.reserved === 0) return conclude(named, event, 'ZeroReservedConcurrency', last)
      return later({ ...event, throttles: event.throttles + 1 }, throttleWait(event.throttles), named, last)
    }
    const over = { ...event, runs: event.runs + 1, throttles: 0 }
    if (last.kind === 'returned') return conclude(named, over, 'Success', last)
    const { retries = RETRY_AFTER.length } = configOf(named)
    const wait = over.runs <= retries ? RETRY_AFTER[event.runs] : undefined
    if (wait === undefined) return conclude(named, over, 'RetriesExhausted', last)
    later(over, wait, named, last)
  }

  /** Tries again if the event will not be too old by then. */
  function later(event: QueuedEvent, wait: number, named: Named, last: Attempt) {
    const { maximumAge = SIX_HOURS } = configOf(named)
    if (clock.now() + wait - event.since > maximumAge * 1000)
      return conclude(named, event, 'EventAgeExceeded', last)
    clock.after(wait, () => void attempt(event))
  }

  async function tried(named: Named, { payload, requestId }: QueuedEvent): Promise<Attempt> {
    try {
      return await run(named, payload, requestId)
    } catch (error) {
      // No room, or a role that is gone: nobody waits for the answer.
      if (!(error instanceof AwsError)) throw error
      return { kind: 'refused', requestId, error }
    }
  }

  function find(functionArn: string): Named | undefined {
    try {
      return findFunction(functions, account, functionArn)
    } catch (error) {
      // Deleted in the meantime.
      if (!(error instanceof AwsError)) throw error
      return undefined
    }
  }
}

const configOf = ({ fn, arn }: Named) => invokeConfigOf(fn, readName(arn).qualifier)

/** Refusals for which the function is not to blame: there is no room, or Lambda itself has failed. */
const isPassing = ({ status }: AwsError) => status === 429 || status >= 500
