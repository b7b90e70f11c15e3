/** How a function, version or alias is run asynchronously, where it differs from the ordinary. */
export interface InvokeConfig {
  /** Tries after the first one that failed: two unless given. */
  readonly retries?: number | undefined
  /** Seconds for which an event is kept: six hours unless given. */
  readonly maximumAge?: number | undefined
  /** ARNs of where a record of the invocation goes. */
  readonly onSuccess?: string | undefined
  readonly onFailure?: string | undefined
}
