import type { Configuration } from './configuration.ts'

/** An error as Lambda reports it to the caller. */
export interface FunctionError {
  readonly errorType: string
  readonly errorMessage: string
  readonly trace?: readonly string[]
}

/** How an invocation went, and what it took. */
export type Outcome = {
  /** Milliseconds. */
  readonly duration: number
  /** Megabytes. */
  readonly memoryUsed: number
  /** Milliseconds that the instance itself took, as it says; it may have had to wait before and after. */
  readonly took?: number | undefined
} & (
  | { readonly kind: 'returned'; readonly payload: string }
  | { readonly kind: 'failed'; readonly error: FunctionError; readonly exited: boolean }
  | { readonly kind: 'timed out'; readonly error: FunctionError }
)

/** How starting an instance went. */
export type Start =
  | { readonly kind: 'ready'; readonly duration: number }
  | {
      readonly kind: 'failed' | 'timed out'
      readonly duration: number
      readonly memoryUsed: number
      readonly error: FunctionError
    }

/** What the caller is told when the function did not answer in time. */
export const timedOut = (requestId: string, seconds: number): FunctionError => ({
  errorType: 'Sandbox.Timedout',
  errorMessage: `RequestId: ${requestId} Error: Task timed out after ${seconds.toFixed(2)} seconds`,
})

/** What the caller is told when the process ended without an answer. */
export function exitError(
  requestId: string,
  how: { readonly code: number | null; readonly signal: string | null },
): FunctionError {
  return {
    errorType: 'Runtime.ExitError',
    errorMessage: `RequestId: ${requestId} Error: ${exitReason(how)}`,
  }
}

function exitReason({ code, signal }: { readonly code: number | null; readonly signal: string | null }) {
  if (signal) {
    const name = {
      SIGKILL: 'killed',
      SIGABRT: 'aborted',
      SIGSEGV: 'segmentation fault',
      SIGTERM: 'terminated',
    }[signal]
    // V8 aborts when its heap is full; AWS's words for it are the shell's.
    return `Runtime exited with error: signal: ${name ?? signal}${signal === 'SIGABRT' ? ' (core dumped)' : ''}`
  }
  if (code === 0) return 'Runtime exited without providing a reason'
  return `Runtime exited with error: exit status ${code}`
}

/** The error response is six megabytes at most, as the answer is. */
export const MAX_PAYLOAD = 6_291_556

export const tooLarge: FunctionError = {
  errorType: 'Function.ResponseSizeTooLarge',
  errorMessage: `Response payload size exceeded maximum allowed payload size (${MAX_PAYLOAD} bytes).`,
}

/** Lambda's REPORT line. Since August 2025 initialization is billed too. */
export function reportLine(
  requestId: string,
  configuration: Configuration,
  run: { readonly duration: number; readonly memoryUsed: number },
  initDuration: number | undefined,
  status?: { readonly status: 'error' | 'timeout'; readonly errorType?: string },
): string {
  const billed = Math.ceil(run.duration + (initDuration ?? 0))
  return [
    `REPORT RequestId: ${requestId}`,
    `Duration: ${run.duration.toFixed(2)} ms`,
    `Billed Duration: ${billed} ms`,
    `Memory Size: ${configuration.memorySize} MB`,
    `Max Memory Used: ${Math.min(run.memoryUsed, configuration.memorySize)} MB`,
    ...(initDuration === undefined ? [] : [`Init Duration: ${initDuration.toFixed(2)} ms`]),
    ...(status ? [`Status: ${status.status}`] : []),
    ...(status?.errorType ? [`Error Type: ${status.errorType}`] : []),
    '',
  ].join('\t')
}
