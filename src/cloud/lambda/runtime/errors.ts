/** An error as Lambda reports it to the function's caller. */
export interface ReportedError {
  readonly errorType: string
  readonly errorMessage: string
  readonly trace?: readonly string[]
}

/** An error of the runtime's own, with the name by which Lambda knows it: `Runtime.HandlerNotFound`. */
export function runtimeError(type: string, message: unknown): Error {
  const error = new Error(String(message))
  Object.defineProperty(error, 'name', { value: `Runtime.${type}`, configurable: true })
  // The stack was made with the old name in its first line.
  error.stack = error.stack?.replace(/^Error/, error.name) ?? ''
  return error
}

/** What the caller is told of whatever a handler threw. */
export function reported(thrown: unknown): ReportedError {
  try {
    if (isError(thrown)) {
      return { errorType: thrown.name, errorMessage: thrown.message, trace: thrown.stack!.split('\n') }
    }
    return { errorType: typeof thrown, errorMessage: (thrown as object).toString(), trace: [] }
  } catch {
    return {
      errorType: 'handled',
      errorMessage:
        'callback called with Error argument, but there was a problem while retrieving one or more of its message, name, and stack',
    }
  }
}

/** The same for the log, with everything else the error carries: after a tab, as JSON. */
export function forTheLog(thrown: unknown): string {
  const error = thrown instanceof Error ? thrown : new Error(thrown as string)
  try {
    return `\t${JSON.stringify(error, (_key, value) => (value instanceof Error ? withAllMembers(value) : value))}`
  } catch {
    return `\t${JSON.stringify(reported(error))}`
  }
}

function withAllMembers(error: Error & { code?: unknown }) {
  return {
    errorType: error.name,
    errorMessage: error.message,
    code: error.code,
    ...error,
    ...(typeof error.stack === 'string' ? { stack: error.stack.split('\n') } : {}),
  }
}

const isError = (value: any): value is Error =>
  value instanceof Error ||
  (typeof value?.name === 'string' && typeof value.message === 'string' && typeof value.stack === 'string')
