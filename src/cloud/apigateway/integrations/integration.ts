import { AwsError } from '../../error.ts'
import { fairAfter } from '../../fair-after.ts'
import type { Core } from '../core.ts'
import type { Trace } from '../logs/trace.ts'
import { says } from '../messages/error-frame.ts'
import type { Occasion } from '../messages/event-shapes.ts'
import type { Sources } from '../messages/selection-expression.ts'
import type { DeployedIntegration, DeployedRoute } from '../snapshot.ts'
import type { Offer } from '../sockets/offer.ts'
import { callService } from './aws-service.ts'
import { callHttp } from './http-integration.ts'
import { invokeCustom } from './lambda-custom.ts'
import { isLambda } from './lambda-function.ts'
import { invokeProxy } from './lambda-proxy.ts'
import { answerMock } from './mock.ts'
import { missingParameters } from './request-parameters.ts'

/** One request on its way through a route's integration. */
export interface Passage {
  readonly occasion: Occasion
  /** What a Lambda proxy is given. */
  readonly event: () => object
  /** The message; `''` for a handshake and a farewell. */
  readonly body: string
  /** The client's own request: only a handshake is one (facts: C20). */
  readonly offer?: Pick<Offer, 'headers' | 'query'>
  readonly sources: Sources
  /** Whether anybody reads the answer. A one-way route's is dropped unread (facts: C1, C8). */
  readonly wanted: boolean
}

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

/**
 * Runs a route's integration, for as long as its timeout allows by the cloud's clock. What is still running then runs
 * on, unheard (facts: B13, B14; the handshake's 504 is assumed: A13).
 */
export async function integrate(core: Core, route: DeployedRoute, passage: Passage): Promise<Outcome> {
  const { integration } = route
  // Assumed, as REST says "No integration defined for method" (facts: B24).
  if (!integration) return fault(500, says.internal, `No integration defined for route ${route.routeKey}`)
  const missing = missingParameters(route.requestParameters, passage.offer)
  // Assumed: REST's words and status.
  if (missing.length > 0) {
    const message = `Missing required request parameters: [${missing.join(', ')}]`
    return fault(400, message, message)
  }

  const trace: Trace = {}
  let stop = () => {}
  return new Promise(resolve => {
    const cancel = fairAfter(core.clock, integration.timeout, () => {
      resolve({ ...fault(504, says.timedOut, 'Execution failed due to a timeout error'), trace })
      stop()
    })
    const errand: Errand = {
      core,
      route,
      integration,
      passage,
      trace,
      whenOver(task) {
        stop = task
      },
    }
    void settled(errand).then(outcome => {
      cancel()
      resolve({ ...outcome, trace })
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

/** A failure that the customer's own settings are to blame for, in the words of AWS's execution log. */
export const misconfigured = (why: string): Fault =>
  fault(500, says.internal, `Execution failed due to configuration error: ${why}`)

/** Settings that turn out not to work throw an `AwsError`. Whatever broke in the cloud itself, the client hears what it would hear of a broken AWS. */
async function settled(errand: Errand): Promise<Outcome> {
  try {
    return await run(errand)
  } catch (error) {
    if (error instanceof AwsError) return misconfigured(error.message)
    return fault(500, says.internal, error instanceof Error ? error.message : String(error))
  }
}

async function run(errand: Errand): Promise<Outcome> {
  const { type, uri = '' } = errand.integration
  if (type === 'MOCK') return answerMock(errand)
  if (type === 'AWS_PROXY') return invokeProxy(errand)
  if (type === 'AWS') return isLambda(uri) ? invokeCustom(errand) : callService(errand)
  return callHttp(errand)
}
