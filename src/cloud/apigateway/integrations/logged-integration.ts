import type { Core } from '../core.ts'
import { headerText } from '../logs/header-text.ts'
import type { RequestLog } from '../logs/request-log.ts'
import type { EndpointRequest, EndpointResponse, Trace } from '../logs/trace.ts'
import type { DeployedRoute } from '../snapshot.ts'
import type { Outcome } from './errand.ts'
import { integrate } from './integration.ts'
import type { Passage } from './passage.ts'

/**
 * Runs a route's integration and tells both logs of it. The lines are those of REST's execution logs; "Invalid permissions on Lambda function"
 * is known for WebSocket APIs too (facts: A12), the others are assumed (facts: H14).
 */
export async function integrateLogged(
  core: Core,
  route: DeployedRoute,
  passage: Passage,
  log: RequestLog,
): Promise<Outcome> {
  const outcome = await integrate(core, route, passage)
  const { trace = {} } = outcome
  const { request, response } = trace
  if (request) tellRequest(request, log)
  if (response) tellResponse(response, trace, log)
  if (outcome.kind === 'fault') log.failure(outcome.because)
  if (trace.requestId) log.step(`AWS Integration Endpoint RequestId : ${trace.requestId}`)

  log.note({
    integration: {
      status: trace.status,
      // A mock has none (facts: C14).
      ...(request && { latency: rounded(trace.latency) }),
      requestId: trace.requestId,
      integrationStatus: response?.status,
      ...(outcome.kind === 'fault' && { error: outcome.because }),
    },
  })
  return outcome
}

function tellRequest({ uri, headers, body }: EndpointRequest, log: RequestLog) {
  log.step(`Endpoint request URI: ${uri}`)
  log.data(() => `Endpoint request headers: ${headerText(headers)}`)
  log.data(() => `Endpoint request body after transformations: ${body}`)
  log.step(`Sending request to ${uri}`)
}

function tellResponse({ status, headers, body }: EndpointResponse, { latency }: Trace, log: RequestLog) {
  log.step(`Received response. Status: ${status}, Integration latency: ${rounded(latency)} ms`)
  log.data(() => `Endpoint response headers: ${headerText(headers)}`)
  log.data(() => `Endpoint response body before transformations: ${body}`)
}

const rounded = (milliseconds: number | undefined) =>
  milliseconds === undefined ? undefined : Math.round(milliseconds)
