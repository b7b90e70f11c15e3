import { randomUUID } from 'node:crypto'
import type { Account } from '../account.ts'
import type { Clock } from '../clock.ts'
import { AwsError } from '../error.ts'
import type { Events } from '../events.ts'
import { denialText } from '../iam/denial.ts'
import type { Decision } from '../iam/policy.ts'
import type { Principal } from '../iam/principal.ts'
import type { Access } from '../service.ts'
import type { Work } from '../work.ts'
import { type Conclude, startEventQueue } from './asynchronous/event-queue.ts'
import { traceId } from './environment.ts'
import { findFunction, type LambdaFunction, type Named } from './functions.ts'
import type { Finished, Invoke, InvokeFunction, QueueEvent } from './invoke.ts'
import { asOnAws } from './journal.ts'
import { MAX_PAYLOAD } from './outcome.ts'
import type { Run } from './pool.ts'
import { missingSdkPackage } from './runtime-files.ts'
import { traceBook } from './trace-book.ts'

/** Runs functions. */
export interface Invoker {
  /** Asks IAM, then runs. */
  readonly invoke: InvokeFunction
  /** Asks IAM, then queues. */
  readonly queueEvent: QueueEvent
  /** Only asks IAM. Throws as `queueEvent` does. */
  mayInvoke(asked: Omit<Invoke, 'payload'>): void
  /** Runs without asking IAM: the caller has asked. Throws `AwsError` as `invoke` does, except for a denial. */
  run(named: Named, payload: string, requestId?: string, clientContext?: string): Promise<Finished>
  /** The event with which the invocation began to which a call's trace header belongs, if it is known. */
  causeOf(traceHeader: string): number | undefined
  /** Queues an event without asking. Throws RequestEntityTooLargeException. Answers with the request's id. */
  runLater(named: Named, payload: string): string
}

/** Lambda's quota on invocations at a time in one account. */
const ACCOUNT_CONCURRENCY = 1000

/** The largest event that may be queued: a quarter of a megabyte then, one megabyte since October 2025. */
const MAX_EVENT = 1024 * 1024

export function startInvoker({
  functions,
  account,
  clock,
  events,
  authorize,
  runtimeFolder,
  work,
  conclude,
}: {
  readonly functions: ReadonlyMap<string, LambdaFunction>
  readonly account: Account
  readonly clock: Clock
  readonly events: Events
  readonly authorize: (principal: Principal, access: Access) => Decision
  readonly runtimeFolder: string
  /** Counts the events that are being worked on. */
  readonly work: Work
  readonly conclude: Conclude
}): Invoker {
  let busy = 0
  const traces = traceBook()

  const invoker: Invoker = {
    async invoke(asked) {
      const { tail: _, version: __, ...invocation } = await invoker.run(admit(asked), asked.payload)
      return invocation
    },
    causeOf: traces.find,
    queueEvent: asked => invoker.runLater(admit(asked), asked.payload),
    mayInvoke: asked => void admit(asked),
    async run(named, payload, requestId = randomUUID(), clientContext) {
      enter(named, requestId, payload)
      try {
        const trace = traceId(clock.now())
        const cause = events.emit({ kind: 'invoke', functionName: named.fn.name, requestId, payload })
        traces.note(trace, cause)
        const work = { requestId, functionArn: named.arn, payload, traceId: trace, cause, clientContext }
        const run = await named.version.pool.run(work)
        return events.causing(cause, () => finished(named, requestId, run))
      } finally {
        busy--
        named.fn.busy--
      }
    },
    runLater(named, payload) {
      if (Buffer.byteLength(payload) > MAX_EVENT) throw tooLarge(payload, MAX_EVENT)
      return queue(named, payload)
    },
  }
  const queue = startEventQueue({
    functions,
    account,
    clock,
    run: (named, payload, requestId) => work.add(invoker.run(named, payload, requestId)),
    conclude,
  })
  return invoker

  /** Finds the function, if its policy and the caller's let the caller in. */
  function admit({ functionName, caller, sourceArn, sourceAccount }: Omit<Invoke, 'payload'>): Named {
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
    if (decision.allowed) return named
    const error = new AwsError('AccessDeniedException', denialText(caller, access, decision), 403)
    throw refused(named, randomUUID(), error)
  }

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
      ...(run.startMs !== undefined && { startMs: run.startMs }),
    }
    if (run.kind === 'returned') {
      events.emit({ ...happening, outcome: 'returned', response: run.payload })
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
