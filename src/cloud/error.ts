/**
 * A refusal in AWS's words. Thrown wherever an operation finds a reason; the door turns it, once, into the
 * error encoding of the protocol that was spoken.
 */
export class AwsError extends Error {
  /** AWS's error code, as SDKs show it in `name`: `ResourceNotFoundException`. */
  readonly code: string
  /** HTTP status. */
  readonly status: number
  /** Further members of the error's body, such as DynamoDB's `CancellationReasons`. */
  readonly members: Readonly<Record<string, unknown>>

  constructor(code: string, message: string, status = 400, members: Readonly<Record<string, unknown>> = {}) {
    super(message)
    this.name = code
    this.code = code
    this.status = status
    this.members = members
  }
}
