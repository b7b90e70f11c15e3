import { type IncomingMessage, validateHeaderValue } from 'node:http'
import { checkKey } from '../authorization/check-key.ts'
import { identify } from '../authorization/identify.ts'
import { apiIdIn, type Core } from '../core.ts'
import { integrateLogged } from '../integrations/logged-integration.ts'
import { openLog, type RequestLog } from '../logs/request-log.ts'
import { integrationFailure, type ResponseType } from '../logs/response-type.ts'
import { says } from '../messages/error-frame.ts'
import { connectEvent, type Occasion, type Peer, requestContext } from '../messages/event-shapes.ts'
import type { Snapshot } from '../snapshot.ts'
import { reach } from '../stage-path.ts'
import { stageAdmits } from '../stage-throttle.ts'
import { type Offer, readOffer } from './offer.ts'
import type { Refusal } from './refusal.ts'

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
  /** Of the API whose host the client named, or to which the custom domain leads; empty where it leads to none. */
  readonly apiId: string
  readonly stage: string
  readonly connectionId: string
  readonly requestId: string
}

/** The longest connect URL, in characters (facts: A3). */
const MAX_URL = 4096

/** Decides about a client's handshake with `host`: it stays pending until the `$connect` integration has finished (facts: A5). */
export async function answerHandshake(core: Core, host: string, request: IncomingMessage): Promise<Answered> {
  const connectedAt = core.clock.now()
  const offer = readOffer(request, host, core.ids.trace(connectedAt))
  const ids = { connectionId: core.ids.connection(), requestId: core.ids.request() }
  const answered = (
    answer: Welcome | Refusal,
    apiId = apiIdIn(host, core.account) ?? '',
    stage = '',
  ): Answered => ({ answer, apiId, stage, ...ids })

  // AWS does not tell the status (facts: A3); assumed.
  if (offer.urlLength > MAX_URL)
    return answered(no(414, 'URI Too Long', `The URL has ${offer.urlLength} characters`))
  const reached = reach(core, host, offer.path)
  if (typeof reached === 'string') return answered(no(403, says.forbidden, reached))

  const { api, stage, snapshot } = reached
  const peer: Peer = {
    connectionId: ids.connectionId,
    connectedAt,
    sourceIp: offer.sourceIp,
    userAgent: offer.userAgent,
    domainName: host,
  }
  const occasion: Occasion = {
    peer,
    apiId: api.apiId,
    stage: stage.stageName,
    stageVariables: stage.settings.variables,
    routeKey: '$connect',
    requestId: ids.requestId,
    // In captures the request is always a little later than the connection (facts: D11).
    at: Math.max(connectedAt + 1, core.clock.now()),
    what: { eventType: 'CONNECT' },
  }
  const log = openLog(core, stage, occasion)
  const answer = await core.attend(ids.connectionId, () =>
    admit(core, snapshot, occasion, offer, request, log, throttle),
  )
  const refused = 'because' in answer ? answer : undefined
  if (refused === undefined) {
    log.step(`Client [Connection Id: ${ids.connectionId}] connected to API [${api.apiId}] successfully.`)
    log.step('Successfully completed execution')
  }
  log.end('peer' in answer ? { ...occasion, peer: answer.peer } : occasion, {
    // No capture shows what stands for a 101; assumed, as a handler answers it.
    status: refused?.status ?? 200,
    message: refused?.message,
    responseType: refused?.responseType,
  })
  return answered(answer, api.apiId, stage.stageName)

  function throttle() {
    return core.mayConnect() && core.maySpend() && stageAdmits(stage, '$connect', core.clock.now)
  }
}

async function admit(
  core: Core,
  { routes, apiKeySource }: Snapshot,
  occasion: Occasion,
  offer: Offer,
  request: IncomingMessage,
  log: RequestLog,
  underTheLimits: () => boolean,
): Promise<Welcome | Refusal> {
  const { peer, apiId } = occasion
  if (!underTheLimits()) {
    log.failure(`Request throttled on route $connect of API Stage ${apiId}/${occasion.stage}`)
    return no(429, says.tooMany, 'Throttled', 'THROTTLED')
  }
  const route = routes.get('$connect')
  const coming = `Client [UserAgent: ${peer.userAgent ?? null}, SourceIp: ${peer.sourceIp}] is connecting to WebSocket API [${apiId}].`
  // Without a `$connect` route everybody may come in (facts: A4).
  if (!route) {
    log.step(coming)
    return welcome(peer, occasion)
  }

  const known = await identify(core, route, occasion, offer, request, log)
  if ('because' in known) return known
  const admitted = checkKey(core, route, apiKeySource, occasion, known, offer, log)
  if ('because' in admitted) return admitted
  log.step(`Starting execution for request: ${occasion.requestId}`)
  log.step('WebSocket Request Route: [$connect]')
  log.step(coming)
  const knownOccasion = { ...occasion, peer: admitted }
  const passage = {
    occasion: knownOccasion,
    event: () => connectEvent(knownOccasion, offer),
    body: '',
    offer,
    sources: { context: requestContext(knownOccasion), stageVariables: occasion.stageVariables },
    wanted: true,
  }
  const outcome = await integrateLogged(core, route, passage, log)
  if (outcome.kind === 'fault') return { ...outcome, responseType: integrationFailure(outcome) }
  if (outcome.status >= 300) {
    log.step(
      `Client [Connection Id: ${peer.connectionId}] not connected: integration response status code [${outcome.status}].`,
    )
    return { status: outcome.status, because: `$connect answered ${outcome.status}` }
  }
  const protocol = outcome.headers['sec-websocket-protocol']
  if (protocol !== undefined && !isHeaderValue(protocol)) {
    const because = 'Execution failed due to configuration error: Malformed Lambda proxy response'
    log.failure(because)
    return no(502, says.internal, because, 'API_CONFIGURATION_ERROR')
  }
  return welcome(admitted, occasion, protocol)
}

const welcome = (peer: Peer, { apiId, stage }: Occasion, protocol?: string): Welcome => ({
  status: 101,
  apiId,
  stage,
  peer,
  protocol,
})

const no = (
  status: number,
  message: string,
  because: string,
  responseType: ResponseType = 'ACCESS_DENIED',
): Refusal => ({ status, message, because, responseType })

function isHeaderValue(value: string): boolean {
  try {
    validateHeaderValue('Sec-WebSocket-Protocol', value)
    return true
  } catch {
    return false
  }
}
