import type { EndpointRequest, EndpointResponse } from '../logs/trace.ts'
import { callEndpoint } from './call-endpoint.ts'
import { overlaid, type Parts, prepare } from './endpoint-request.ts'
import { endpointUrl } from './endpoint-url.ts'
import type { Errand, Outcome } from './errand.ts'
import { reply } from './integration-reply.ts'
import type { Passage } from './passage.ts'

/**
 * Sends a request to an HTTP backend (facts: A48, B10, C19, C20, C25). The answer of an HTTP_PROXY goes to the client as it is, that of an HTTP
 * integration through its integration responses. A handshake is decided by the backend's status, and its `Sec-WebSocket-Protocol` is passed on.
 * Whatever the backend's status, the body is the reply of a message (as of a function: C4).
 */
export async function callHttp(errand: Errand): Promise<Outcome> {
  const parts = prepare(errand)
  if ('kind' in parts) return parts
  const request = requestFrom(parts, errand)
  const answer = await send(errand, request)
  return errand.integration.type === 'HTTP' ? reply(errand, answer) : passedOn(answer, errand.passage)
}

function requestFrom({ method, uri, query, headers, body }: Parts, errand: Errand): EndpointRequest {
  const { core, integration, passage } = errand
  const { apiId } = passage.occasion
  const isProxy = integration.type === 'HTTP_PROXY'
  const offered = passage.offer?.headers ?? []
  const url = endpointUrl(uri)
  for (const [name, value] of [...(isProxy ? (passage.offer?.query ?? []) : []), ...query]) {
    url.searchParams.append(name, value)
  }
  const traceId = offered.find(([name]) => name === 'X-Amzn-Trace-Id')?.[1]
  return {
    method,
    uri: url.href,
    headers: overlaid(
      [
        ['User-Agent', `AmazonAPIGateway_${apiId}`],
        ['Accept', 'application/json'],
        ...(body.length > 0 ? [['Content-Type', 'application/json'] as const] : []),
      ],
      offered.filter(([name]) => isPassedOn(name, isProxy)),
      [
        ['x-amzn-apigateway-api-id', apiId],
        ['X-Amzn-Trace-Id', traceId ?? core.ids.trace(core.clock.now())],
      ],
      headers,
    ),
    body,
  }
}

/** Of a handshake's headers HTTP_PROXY passes on all but `Host`, HTTP those of the WebSocket protocol (facts: A48). */
const isPassedOn = (name: string, isProxy: boolean) =>
  isProxy ? name.toLowerCase() !== 'host' : name.toLowerCase().startsWith('sec-websocket-')

async function send({ core, whenOver, trace }: Errand, request: EndpointRequest): Promise<EndpointResponse> {
  trace.request = request
  const began = core.clock.now()
  const over = new AbortController()
  whenOver(() => over.abort())
  const answer = await callEndpoint(request, over.signal)
  trace.response = answer
  trace.latency = core.clock.now() - began
  trace.status = answer.status
  return answer
}

const passedOn = ({ status, headers, body }: EndpointResponse, { wanted }: Passage): Outcome => ({
  kind: 'answered',
  status,
  headers: Object.fromEntries(Object.entries(headers).map(([name, values]) => [name, values.join(', ')])),
  body: wanted ? body.toString() : undefined,
})
