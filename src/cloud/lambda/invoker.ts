import { randomUUID } from 'node:crypto'
import type { Account } from '../account.ts'
import type { Clock } from '../clock.ts'
import { AwsError } from '../error.ts'
import type { Events } from '../events.ts'
import { denialText } from '../iam/denial.ts'
import type { Decision } from '../iam/policy.ts'
import type { Principal } from '../iam/principal.ts'
import type { Access } from '../service.ts'
import { traceId } from './environment.ts'
import { findFunction, type LambdaFunction, type Named } from './functions.ts'
import type { Invocation, InvokeFunction } from './invoke.ts'
import { asOnAws } from './journal.ts'
import { MAX_PAYLOAD } from './outcome.ts'
import type { Run } from './pool.ts'
import { missingSdkPackage } from './runtime-files.ts'

/** A finished invocation with what Invoke's headers need besides. */
export type Finished = Invocation & { readonly tail: string; readonly version: string }

/** Runs functions. */
export interface Invoker {
  /** Asks IAM, then runs. */
  readonly invoke: InvokeFunction
  /** Runs without asking: whoever calls has asked. Throws `AwsError` as `invoke` does, except for a denial. */
  run(named: Named, payload: string): Promise<Finished>
  /** Queues an event: it is run in its own time, and again a minute and two minutes later if it fails. */
  runLater(named: Named, payload: string): string
}

/** Lambda's quota on invocations at a time in one account. */
const ACCOUNT_CONCURRENCY = 1000

/** When Lambda tries an event again that failed, in milliseconds by the cloud's clock. */
const RETRY_AFTER = [60_000, 120_000]

/** The largest event that may be queued: a quarter of a megabyte then, one megabyte since October 2025. */
const MAX_EVENT = 1024 * 1024

export function startInvoker({
  functions,
  account,
  clock,
  events,
  authorize,
  runtimeFolder,
}: {
  readonly functions: ReadonlyMap<string, LambdaFunction>
  readonly account: Account
  readonly clock: Clock
  readonly events: Events
  readonly authorize: (principal: Principal, access: Access) => Decision
  readonly runtimeFolder: string
}): Invoker {
  let busy = 0

  const invoker: Invoker = {
    async invoke({ functionName, payload, caller, sourceArn, sourceAccount }) {
      const named = findFunction(functions, account, functionName)
      const access: Access = {
        action: 'lambda:InvokeFunction',
        resource: named.arn,
        resourcePolicy: named.policy,
        context: {
          ...(sourceArn === undefined ? {} : { 'aws:SourceArn': sourceArn }),
          ...(sourceAccount === undefined ? {} : { 'aws:SourceAccount': sourceAccount }),
        },
      }
      const decision = authorize(caller, access)
      if (!decision.allowed) {
        const error = new AwsError('AccessDeniedException', denialText(caller, access, decision), 403)
        throw refused(named, randomUUID(), error)
      }
      const { tail: _, version: __, ...invocation } = await invoker.run(named, payload)
      return invocation
    },
    async run(named, payload) {
      const requestId = randomUUID()
      enter(named, requestId, payload)
      try {
        const work = { requestId, functionArn: named.arn, payload, traceId: traceId(clock.now()) }
        return finished(named, requestId, await named.version.pool.run(work))
      } finally {
        busy--
        named.fn.busy--
      }
    },
    runLater(named, payload) {
      if (Buffer.byteLength(payload) > MAX_EVENT) throw tooLarge(payload, MAX_EVENT)
      const attempt = async (tries: number) => {
        const failed = await invoker.run(named, payload).then(
          ({ kind }) => kind === 'failed',
          error => {
            // Throttled, or the role is gone: that counts as a failure, and there is nobody to tell.
            if (!(error instanceof AwsError)) throw error
            return true
          },
        )
        const wait = RETRY_AFTER[tries]
        if (failed && wait !== undefined) clock.after(wait, () => void attempt(tries + 1))
      }
      void attempt(0)
      return randomUUID()
    },
  }
  return invoker

  function enter(named: Named, requestId: string, payload: string) {
    if (Buffer.byteLength(payload) > MAX_PAYLOAD)
      throw refused(named, requestId, tooLarge(payload, MAX_PAYLOAD))
    const { fn } = named
    const reason =
      fn.reserved !== undefined && fn.busy >= fn.reserved
        ? 'ReservedFunctionConcurrentInvocationLimitExceeded'
        : busy >= ACCOUNT_CONCURRENCY
          ? 'ConcurrentInvocationLimitExceeded'
          : undefined
    if (reason) {
      const members = { Reason: reason, Type: 'User' }
      throw refused(
        named,
        requestId,
        new AwsError('TooManyRequestsException', 'Rate Exceeded.', 429, members),
      )
    }
    busy++
    fn.busy++
  }

  function finished(named: Named, requestId: string, run: Run): Finished {
    const { configuration } = named.version
    const common = { requestId, tail: run.tail, version: configuration.version }
    const happening = {
      kind: 'invocation' as const,
      functionName: named.fn.name,
      requestId,
      cold: run.cold,
      ms: run.duration,
    }
    if (run.kind === 'returned') {
      events.emit({ ...happening, outcome: 'returned' })
      return { kind: 'returned', payload: run.payload, ...common }
    }
    const error = JSON.parse(asOnAws(JSON.stringify(run.error), configuration, runtimeFolder))
    const missing = missingSdkPackage(error.errorMessage)
    events.emit({
      ...happening,
      outcome: run.kind === 'timed out' ? 'timed out' : 'failed',
      because: `${error.errorType}: ${error.errorMessage}${
        missing ? ` — AWS's runtime has ${missing}; this installation has not` : ''
      }`,
    })
    return { kind: 'failed', error, ...common }
  }

  function refused(named: Named, requestId: string, error: AwsError): AwsError {
    events.emit({
      kind: 'invocation',
      functionName: named.fn.name,
      requestId,
      outcome: 'refused',
      cold: false,
      ms: 0,
      because: `${error.code}: ${error.message}`,
    })
    return error
  }
}

const tooLarge = (payload: string, most: number) =>
  new AwsError(
    'RequestEntityTooLargeException',
    `${Buffer.byteLength(payload)} byte payload is too large for the ${most === MAX_EVENT ? 'Event' : 'RequestResponse'} invocation type (limit ${most} bytes)`,
    413,
    { Type: 'User' },
  )
