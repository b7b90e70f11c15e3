import { type IncomingMessage, validateHeaderValue } from 'node:http'
import { AwsError } from '../error.ts'
import type { Principal } from '../iam/principal.ts'
import { logAccess } from './access-log.ts'
import { type Attestation, askAuthorizer, isRefusal } from './authorizer.ts'
import { type Core, domainNameOf, executeApiArn } from './core.ts'
import { says } from './error-frame.ts'
import { connectEvent, type Occasion, type Peer, requestContext } from './event-shapes.ts'
import { integrate } from './integration.ts'
import { type Offer, readOffer } from './offer.ts'
import type { Refusal } from './refusal.ts'
import type { DeployedRoute } from './snapshot.ts'
import { reach } from './stage-path.ts'
import { stageAdmits } from './stage-throttle.ts'

/** A handshake that may be answered with 101. */
export interface Welcome {
  readonly status: 101
  readonly apiId: string
  readonly stage: string
  readonly peer: Peer
  /** What the `$connect` handler chose; the gateway itself chooses none (facts: A22, A23). */
  readonly protocol?: string | undefined
}

/** A handshake's answer and the ids under which it went. */
export interface Answered {
  readonly answer: Welcome | Refusal
  readonly stage: string
  readonly connectionId: string
  readonly requestId: string
}

/** The longest connect URL, in characters (facts: A3). */
const MAX_URL = 4096

/** Decides about a client's handshake: it stays pending until the `$connect` integration has finished (facts: A5). */
export async function answerHandshake(
  core: Core,
  apiId: string,
  request: IncomingMessage,
): Promise<Answered> {
  const connectedAt = core.clock.now()
  const domainName = domainNameOf(apiId, core.account)
  const offer = readOffer(request, domainName, core.ids.trace(connectedAt))
  const ids = { connectionId: core.ids.connection(), requestId: core.ids.request() }
  const answered = (answer: Welcome | Refusal, stage = ''): Answered => ({ answer, stage, ...ids })

  // AWS does not tell the status (facts: A3); assumed.
  if (offer.urlLength > MAX_URL)
    return answered(no(414, 'URI Too Long', `The URL has ${offer.urlLength} characters`))
  const reached = reach(core.apis, apiId, offer.path)
  if (typeof reached === 'string') return answered(no(403, says.forbidden, reached))

  const { stage, snapshot } = reached
  const peer: Peer = {
    connectionId: ids.connectionId,
    connectedAt,
    sourceIp: offer.sourceIp,
    userAgent: offer.userAgent,
  }
  const occasion: Occasion = {
    peer,
    apiId,
    stage: stage.stageName,
    stageVariables: stage.settings.variables,
    domainName,
    routeKey: '$connect',
    requestId: ids.requestId,
    // In captures the request is always a little later than the connection (facts: D11).
    at: Math.max(connectedAt + 1, core.clock.now()),
    what: { eventType: 'CONNECT' },
  }
  const route = snapshot.routes.get('$connect')
  const answer = await admit(
    core,
    occasion,
    offer,
    request,
    route,
    () => core.mayConnect() && core.maySpend() && stageAdmits(stage, '$connect', core.clock.now),
  )
  logAccess(core, stage, 'peer' in answer ? { ...occasion, peer: answer.peer } : occasion, {
    status: answer.status === 101 ? 200 : answer.status,
    message: 'because' in answer ? answer.message : undefined,
    fault: 'because' in answer ? { kind: 'fault', message: '', ...answer } : undefined,
  })
  return answered(answer, stage.stageName)
}

async function admit(
  core: Core,
  occasion: Occasion,
  offer: Offer,
  request: IncomingMessage,
  route: DeployedRoute | undefined,
  underTheLimits: () => boolean,
): Promise<Welcome | Refusal> {
  if (!underTheLimits()) return no(429, says.tooMany, 'Throttled')
  // Without a `$connect` route everybody may come in (facts: A4).
  if (!route) return welcome(occasion.peer, occasion)

  const known = await identify(core, route, occasion, offer, request)
  if ('because' in known) return known
  const knownOccasion = { ...occasion, peer: known }
  const outcome = await integrate(core, route, {
    occasion: knownOccasion,
    event: () => connectEvent(knownOccasion, offer),
    body: '',
    sources: { context: requestContext(knownOccasion), stageVariables: occasion.stageVariables },
    wanted: true,
  })
  if (outcome.kind === 'fault') return outcome
  if (outcome.status >= 300) {
    return { status: outcome.status, because: `$connect answered ${outcome.status}` }
  }
  const protocol = outcome.headers['sec-websocket-protocol']
  if (protocol !== undefined && !isHeaderValue(protocol))
    return no(502, says.internal, 'Malformed Lambda proxy response')
  return welcome(known, occasion, protocol)
}

/** Who is asking, by the route's kind of authorization (facts: F1, F17). */
async function identify(
  core: Core,
  route: DeployedRoute,
  occasion: Occasion,
  offer: Offer,
  request: IncomingMessage,
): Promise<Peer | Refusal> {
  if (route.authorizationType === 'AWS_IAM') return identifyCaller(core, occasion, request)
  if (route.authorizationType === 'NONE') return occasion.peer
  if (!route.authorizer) return no(500, says.internal, 'The authorizer is gone')
  const said: Attestation | Refusal = await askAuthorizer(core, route.authorizer, occasion, offer).catch(
    (error: Error) => no(500, says.internal, error.message),
  )
  return isRefusal(said) ? said : { ...occasion.peer, authorizer: said }
}

async function identifyCaller(
  core: Core,
  occasion: Occasion,
  request: IncomingMessage,
): Promise<Peer | Refusal> {
  try {
    if (!core.identify) throw new AwsError('AccessDeniedException', 'Nobody here reads signatures', 403)
    const principal = await core.identify({
      method: 'GET',
      target: request.url ?? '/',
      headers: request.headers,
      body: Buffer.alloc(0),
      host: occasion.domainName,
      sourceIp: occasion.peer.sourceIp,
    })
    const resource = executeApiArn(core.account, occasion.apiId, `${occasion.stage}/$connect`)
    const decision = core.decide(principal, { action: 'execute-api:Invoke', resource })
    if (!decision.allowed) return no(403, says.forbidden, `execute-api:Invoke on ${resource} is not allowed`)
    return { ...occasion.peer, caller: callerOf(principal) }
  } catch (error) {
    if (!(error instanceof AwsError)) throw error
    return no(403, says.forbidden, error.message)
  }
}

/** The members that a signed handshake adds to `identity`; which of REST's appear is assumed (facts: D12). */
const callerOf = (principal: Principal): Record<string, string> =>
  principal.kind === 'service'
    ? {}
    : {
        accountId: principal.accountId,
        caller: principal.userId,
        user: principal.userId,
        userArn: principal.arn,
      }

const welcome = (peer: Peer, { apiId, stage }: Occasion, protocol?: string): Welcome => ({
  status: 101,
  apiId,
  stage,
  peer,
  protocol,
})

const no = (status: number, message: string, because: string): Refusal => ({ status, message, because })

function isHeaderValue(value: string): boolean {
  try {
    validateHeaderValue('Sec-WebSocket-Protocol', value)
    return true
  } catch {
    return false
  }
}
