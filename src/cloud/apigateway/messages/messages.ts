import type { Stage } from '../api.ts'
import type { Core } from '../core.ts'
import { serving } from '../deploy.ts'
import { integrateLogged } from '../integrations/logged-integration.ts'
import { parsed } from '../integrations/mapping-template.ts'
import { openLog, type RequestLog } from '../logs/request-log.ts'
import { integrationFailure, type ResponseType } from '../logs/response-type.ts'
import type { DeployedRoute, Snapshot } from '../snapshot.ts'
import type { Connection } from '../sockets/connection.ts'
import { stageAdmits } from '../stage-throttle.ts'
import { errorFrame, says } from './error-frame.ts'
import { messageEvent, type Occasion, requestContext } from './event-shapes.ts'
import type { Sources } from './selection-expression.ts'

/**
 * Takes a client's message to its route and the answer, if the client is to have one, back (facts: B, C1, C3).
 * Nothing that goes wrong ends the connection. Messages of one connection do not wait for each other (facts: B19).
 */
export async function deliver(core: Core, connection: Connection, text: string): Promise<void> {
  const { apiId, peer } = connection
  const api = core.apis.get(apiId)
  const stage = api?.stages.get(connection.stage)
  const snapshot = api && stage && serving(api, stage)
  if (!snapshot) return
  const body = parsed(text)
  const sources: Sources = { body, stageVariables: stage.settings.variables }
  const route = findRoute(snapshot, sources)
  const routeKey = route?.routeKey
  const frame = core.events.emit({
    kind: 'frame',
    direction: 'in',
    apiId,
    stage: connection.stage,
    connectionId: peer.connectionId,
    ...(routeKey && { routeKey }),
    text,
  })
  await core.events.causing(frame, () => answer(core, connection, stage, route, text, sources))
}

/** Runs the route, and sends the client what it is to have. */
async function answer(
  core: Core,
  connection: Connection,
  stage: Stage,
  route: DeployedRoute | undefined,
  text: string,
  sources: Sources,
): Promise<void> {
  const { apiId, peer } = connection
  const routeKey = route?.routeKey
  const occasion: Occasion = {
    peer,
    apiId,
    stage: connection.stage,
    stageVariables: stage.settings.variables,
    // What the log shows for a message without a route is assumed.
    routeKey: routeKey ?? '$default',
    requestId: core.ids.request(),
    at: core.clock.now(),
    what: { eventType: 'MESSAGE', messageId: core.ids.message(peer.connectionId) },
  }
  const log = openLog(core, stage, occasion)
  const ended = await run(core, stage, route, occasion, text, sources, log)
  const { status, message } = ended
  if (ended.reached) {
    log.step(
      `Message from client [Connection Id: ${peer.connectionId}] sent to API [${apiId}] with response status code [${status}].`,
    )
  }
  if (message === undefined) log.step('Successfully completed execution')
  log.end(occasion, ended)
  const frame =
    message === undefined ? ended.reply : errorFrame(message, peer.connectionId, occasion.requestId)
  if (frame !== undefined && !core.send(connection, frame, routeKey)) {
    // The client does not read what it asked for. Nothing may pile up here for it.
    core.hangUp(connection, 1008, '')
  }
}

/**
 * The route that a message asks for, else `$default` (facts: B4, B6, B22). A client cannot ask for `$connect` or
 * `$disconnect` (assumed: B18).
 */
function findRoute({ selectRoute, routes }: Snapshot, sources: Sources): DeployedRoute | undefined {
  const key = selectRoute(sources)
  return (key === '$connect' || key === '$disconnect' ? undefined : routes.get(key)) ?? routes.get('$default')
}

/** How a message ended: with an error of the gateway's own, or as its integration answered. */
interface Ended {
  readonly status: number
  /** The gateway's error, for the client too. */
  readonly message?: string
  readonly responseType?: ResponseType
  readonly validation?: string
  /** Whether the integration was run. */
  readonly reached?: boolean
  readonly reply?: string | undefined
}

async function run(
  core: Core,
  stage: Stage,
  route: DeployedRoute | undefined,
  occasion: Occasion,
  text: string,
  sources: Sources,
  log: RequestLog,
): Promise<Ended> {
  const { apiId, peer, requestId } = occasion
  log.step(`Starting execution for request: ${requestId}`)
  log.step(`WebSocket API [${apiId}] received message from client [Connection Id: ${peer.connectionId}].`)
  log.data(() => `Message: [${text}]`)
  if (!route) {
    log.failure('Execution failed: no route matches the message, and there is no $default route')
    return { status: 403, message: says.forbidden, responseType: 'ACCESS_DENIED' }
  }
  log.step(`WebSocket Request Route: [${route.routeKey}]`)
  // What a throttled client is sent was never captured (assumed: G10).
  if (!core.maySpend() || !stageAdmits(stage, route.routeKey, core.clock.now)) {
    log.failure(`Request throttled on route ${route.routeKey} of API Stage ${apiId}/${occasion.stage}`)
    return { status: 429, message: says.tooMany, responseType: 'THROTTLED' }
  }
  const seen: Sources = {
    ...sources,
    get context() {
      return requestContext(occasion)
    },
  }
  const why = route.refuses?.(seen)
  if (why) {
    const validation = why()
    log.failure(`Request body does not match model schema for route ${route.routeKey}: ${validation}`)
    return { status: 400, message: says.invalidBody, responseType: 'BAD_REQUEST_BODY', validation }
  }

  const passage = {
    occasion,
    event: () => messageEvent(occasion, text),
    body: text,
    sources: seen,
    wanted: route.twoWay,
  }
  const outcome = await integrateLogged(core, route, passage, log)
  const { status } = outcome
  return outcome.kind === 'fault'
    ? { status, message: outcome.message, responseType: integrationFailure(outcome), reached: true }
    : { status, reached: true, ...(route.twoWay && { reply: outcome.body }) }
}
