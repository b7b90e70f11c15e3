import type { Principal } from '../iam/principal.ts'

/** A request to run a function, synchronously. */
export interface Invoke {
  /** A function's ARN or name. */
  readonly functionName: string
  /** JSON text. */
  readonly payload: string
  /** Who asks. A service needs permission from the function's resource policy (AWS::Lambda::Permission), for `sourceArn` and `sourceAccount`. */
  readonly caller: Principal
  readonly sourceArn?: string
  readonly sourceAccount?: string
}

/** How a run ended. */
export type Invocation =
  | {
      readonly kind: 'returned'
      readonly requestId: string /** JSON text; `null` for a handler that returned nothing. */
      readonly payload: string
    }
  | {
      readonly kind: 'failed'
      readonly requestId: string
      /** As Lambda reports it: `{"errorType":"Error","errorMessage":"…","trace":[…]}`; `Sandbox.Timedout`, `Runtime.ExitError`, `Runtime.ImportModuleError` … */
      readonly error: {
        readonly errorType: string
        readonly errorMessage: string
        readonly trace?: readonly string[]
      }
    }

/**
 * Runs a function and waits for it.
 *
 * Throws `AwsError`: `AccessDeniedException` (403) when the function's policy does not let the service in,
 * `TooManyRequestsException` (429) when reserved concurrency is used up, `ResourceNotFoundException` (404).
 */
export type InvokeFunction = (invoke: Invoke) => Promise<Invocation>

/**
 * Queues an event for a function, which is run in its own time, and again if it fails (`X-Amz-Invocation-Type: Event`). Answers with the request's id.
 *
 * Throws `AwsError` as `InvokeFunction` does.
 */
export type QueueEvent = (invoke: Invoke) => string

/** A finished invocation with what Invoke's headers need besides. */
export type Finished = Invocation & { readonly tail: string; readonly version: string }
