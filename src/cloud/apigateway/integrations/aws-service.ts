import { AwsError } from '../../error.ts'
import type { WireAnswer, WireRequest } from '../../service.ts'
import type { EndpointRequest, EndpointResponse, Pairs } from '../logs/trace.ts'
import { withStageVariables } from '../stage-variables.ts'
import { overlaid, type Parts, prepare } from './endpoint-request.ts'
import type { Errand, Outcome } from './errand.ts'
import { reply } from './integration-reply.ts'
import { type ServiceUri, serviceUri } from './service-uri.ts'
import { takeOn } from './session.ts'

/**
 * Calls an AWS service as a session of the integration's role (facts: C17, C18). What the service answers, a denial of IAM's included, goes
 * through the integration responses; on a one-way route nobody hears of it.
 */
export async function callService(errand: Errand): Promise<Outcome> {
  const { core, integration, passage, trace } = errand
  const parts = prepare(errand)
  if ('kind' in parts) return parts
  const asked = serviceUri(parts.uri)
  if (!asked) throw new AwsError('InternalServerErrorException', 'Invalid endpoint address', 500)
  if (!core.callAs) throw new Error('Nobody here calls other services')
  const role = withStageVariables(integration.credentialsArn ?? '', passage.occasion.stageVariables)
  const principal = takeOn(core, role)

  const request = requestFrom(parts, asked, errand)
  const began = core.clock.now()
  trace.request = request
  const answer = responseOf(await core.callAs(principal, asked.service, wireOf(request)))
  trace.response = answer
  trace.latency = core.clock.now() - began
  trace.status = answer.status
  const [requestId] = answer.headers['x-amzn-requestid'] ?? []
  if (requestId !== undefined) trace.requestId = requestId
  return reply(errand, answer)
}

/** Services that speak JSON are told the action in a header as well. */
const TARGETS: Readonly<Record<string, string>> = { dynamodb: 'DynamoDB_20120810' }

/**
 * An action is asked for in the query string, before what is mapped there (captured: `https://dynamodb.us-east-1.amazonaws.com/?Action=GetItem`);
 * DynamoDB's, which reads a header instead, also there.
 */
function requestFrom(
  { method, query, headers, body }: Parts,
  { service, region, kind, rest }: ServiceUri,
  { core, passage }: Errand,
): EndpointRequest {
  const { apiId } = passage.occasion
  const host = `${service}.${region}.${core.account.urlSuffix}`
  const url = new URL(`https://${host}/${kind === 'path' ? rest : `?Action=${rest}`}`)
  for (const [name, value] of query) url.searchParams.append(name, value)
  const target = kind === 'action' ? TARGETS[service] : undefined
  return {
    method,
    uri: url.href,
    headers: overlaid(
      [
        ['x-amzn-apigateway-api-id', apiId],
        // Services of the Query protocol answer such a request in JSON.
        ['Accept', 'application/json'],
        ['User-Agent', `AmazonAPIGateway_${apiId}`],
        ['Host', host],
        ['X-Amzn-Trace-Id', core.ids.trace(core.clock.now())],
        ...(body.length > 0 ? [['Content-Type', 'application/json'] as const] : []),
        ...(target === undefined ? [] : [['X-Amz-Target', `${target}.${rest}`] as const]),
      ],
      headers,
    ),
    body,
  }
}

function wireOf({ method, uri, headers, body }: EndpointRequest): WireRequest {
  const { host, pathname, search } = new URL(uri)
  return {
    method,
    target: pathname + search,
    headers: { ...joined(headers), 'content-length': String(body.length) },
    body,
    host,
    // What CloudTrail shows of calls that a service makes.
    sourceIp: 'apigateway.amazonaws.com',
  }
}

/** Names in lower case, values of one name in one line. */
function joined(pairs: Pairs): Record<string, string> {
  const headers: Record<string, string> = {}
  for (const [name, value] of pairs) {
    const lower = name.toLowerCase()
    headers[lower] = headers[lower] === undefined ? value : `${headers[lower]},${value}`
  }
  return headers
}

const responseOf = ({ status, headers, body }: WireAnswer): EndpointResponse => ({
  status,
  headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), [value]])),
  body: Buffer.from(body),
})
