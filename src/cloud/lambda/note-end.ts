import type { Configuration } from './configuration.ts'
import type { Journal } from './journal.ts'
import { type Outcome, reportLine } from './outcome.ts'

/** Writes into the log how an invocation has ended, in AWS's lines. `now` is the cloud's time, in milliseconds since the epoch. */
export function noteEnd(
  journal: Pick<Journal, 'line'>,
  configuration: Configuration,
  requestId: string,
  outcome: Outcome,
  initDuration: number | undefined,
  now: number,
): void {
  if (outcome.kind === 'timed out') {
    journal.line(
      `${new Date(now).toISOString()} ${requestId} Task timed out after ${configuration.timeout.toFixed(2)} seconds\n\n`,
    )
  }
  const exited = outcome.kind === 'failed' && outcome.exited
  if (exited && outcome.error.errorType === 'Runtime.ExitError') {
    journal.line(`${outcome.error.errorMessage}\nRuntime.ExitError\n`)
  }
  journal.line(`END RequestId: ${requestId}\n`)
  const status = exited
    ? { status: 'error' as const, errorType: outcome.error.errorType }
    : outcome.kind === 'timed out'
      ? { status: 'timeout' as const }
      : undefined
  journal.line(`${reportLine(requestId, configuration, outcome, initDuration, status)}\n`)
}
