import type { Core } from './core.ts'
import { says } from './error-frame.ts'
import type { Occasion } from './event-shapes.ts'
import { invokeProxy } from './lambda-proxy.ts'
import { answerMock } from './mock.ts'
import type { Sources } from './selection-expression.ts'
import type { DeployedRoute } from './snapshot.ts'

/** One request on its way through a route's integration. */
export interface Passage {
  readonly occasion: Occasion
  /** What a Lambda proxy is given. */
  readonly event: () => object
  /** The message; `''` for a handshake and a farewell. */
  readonly body: string
  readonly sources: Sources
  /** Whether anybody reads the answer. A one-way route's is dropped unread (facts: C1, C8). */
  readonly wanted: boolean
}

/** How an integration ended. */
export type Outcome =
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
  /** For logs and evidence; the client never hears it. */
  readonly because: string
}

/**
 * Runs a route's integration, for as long as its timeout allows by the cloud's clock. What is still running then runs
 * on, unheard (facts: B13, B14; the handshake's 504 is assumed: A13).
 */
export async function integrate(core: Core, route: DeployedRoute, passage: Passage): Promise<Outcome> {
  const { integration } = route
  // Assumed, as REST says "No integration defined for method" (facts: B24).
  if (!integration) return fault(500, says.internal, `No integration defined for route ${route.routeKey}`)
  if (integration.type === 'MOCK') return answerMock(integration, passage)

  return new Promise(resolve => {
    const cancel = core.clock.after(integration.timeout, () =>
      resolve(fault(504, says.timedOut, `No answer within ${integration.timeout} ms`)),
    )
    void invokeProxy(core, integration, passage).then(outcome => {
      cancel()
      resolve(outcome)
    })
  })
}

/** Puts a failure into a value. */
export const fault = (status: number, message: string, because: string): Fault => ({
  kind: 'fault',
  status,
  message,
  because,
})
