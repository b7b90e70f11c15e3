import type { Core } from '../core.ts'
import type { Trace } from '../logs/trace.ts'
import { says } from '../messages/error-frame.ts'
import type { DeployedIntegration, DeployedRoute } from '../snapshot.ts'
import type { Passage } from './passage.ts'

/** How an integration ended. `integrate` adds what went to and fro on the way. */
export type Outcome = Ending & { readonly trace?: Trace }

type Ending =
  | {
      readonly kind: 'answered'
      readonly status: number
      /** Names in lower case. */
      readonly headers: Readonly<Record<string, string>>
      /** `undefined`: there is nothing to be sent, not even an empty message. */
      readonly body: string | undefined
    }
  | Fault

/** A failure of the gateway's or the backend's. The status is a handshake's, the message a frame's. */
export interface Fault {
  readonly kind: 'fault'
  readonly status: number
  readonly message: string
  /** In the words of AWS's execution log where they are known. For logs and evidence; the client never hears it. */
  readonly because: string
  readonly trace?: Trace
}

/** What the code that runs an integration is given. */
export interface Errand {
  readonly core: Core
  readonly route: DeployedRoute
  readonly integration: DeployedIntegration
  readonly passage: Passage
  /** To be filled in on the way. */
  readonly trace: Trace
  /** Calls `stop` when nobody waits any more. */
  whenOver(stop: () => void): void
}

/** Puts a failure into a value. */
export const fault = (status: number, message: string, because: string): Fault => ({
  kind: 'fault',
  status,
  message,
  because,
})

/** A failure that the customer's own settings are to blame for, in the words of AWS's execution log. */
export const misconfigured = (why: string): Fault =>
  fault(500, says.internal, `Execution failed due to configuration error: ${why}`)
