import type { AwsError } from '../../error.ts'

/**
 * Members of an `AwsError` that say how it is written, and are not themselves part of the body:
 *
 * - `__type`: JSON protocols; what stands in the body's `__type` where that is more than the code, such as
 *   `com.amazon.coral.service#AccessDeniedException` (facts: J1).
 * - `messageKey`: `Message` where the service does not write `message` (facts: J1, J6).
 * - `emptyBody`: true for an error that is told by status and headers alone (facts: E5).
 * - `headers`: further headers, such as `x-amzn-query-error` (facts: J4).
 *
 * All other members go into the body as they are: `CancellationReasons`, `Item`, `Reason`.
 */
export interface ErrorWriting {
  readonly __type?: string
  readonly messageKey?: 'message' | 'Message'
  readonly emptyBody?: boolean
  readonly headers?: Readonly<Record<string, string>>
}

/** An error taken apart: how it is written, and the members of its body, the message included unless it is empty. */
export function errorBody(error: AwsError): { writing: ErrorWriting; body: Record<string, unknown> } {
  const { __type, messageKey, emptyBody, headers, ...members } = error.members
  return {
    writing: { __type, messageKey, emptyBody, headers } as ErrorWriting,
    body: {
      ...(error.message === '' ? {} : { [messageKey === 'Message' ? 'Message' : 'message']: error.message }),
      ...members,
    },
  }
}
