import { AwsError } from '../../error.ts'
import { fairAfter } from '../../fair-after.ts'
import type { Core } from '../core.ts'
import type { Trace } from '../logs/trace.ts'
import { says } from '../messages/error-frame.ts'
import type { DeployedRoute } from '../snapshot.ts'
import { callService } from './aws-service.ts'
import { type Errand, fault, misconfigured, type Outcome } from './errand.ts'
import { callHttp } from './http-integration.ts'
import { invokeCustom } from './lambda-custom.ts'
import { isLambda } from './lambda-function.ts'
import { invokeProxy } from './lambda-proxy.ts'
import { answerMock } from './mock.ts'
import type { Passage } from './passage.ts'
import { missingParameters } from './request-parameters.ts'

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
