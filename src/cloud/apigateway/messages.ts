import { logAccess } from './access-log.ts'
import type { Stage } from './api.ts'
import type { Connection } from './connection.ts'
import { type Core, domainNameOf } from './core.ts'
import { errorFrame, says } from './error-frame.ts'
import { messageEvent, type Occasion, requestContext } from './event-shapes.ts'
import { type Fault, fault, integrate } from './integration.ts'
import { parsed } from './mapping-template.ts'
import type { Sources } from './selection-expression.ts'
import { type DeployedRoute, type Snapshot, serving } from './snapshot.ts'
import { stageAdmits } from './stage-throttle.ts'

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
  core.events.emit({
    kind: 'frame',
    direction: 'in',
    apiId,
    stage: connection.stage,
    connectionId: peer.connectionId,
    ...(routeKey && { routeKey }),
    text,
  })

  const occasion: Occasion = {
    peer,
    apiId,
    stage: connection.stage,
    stageVariables: stage.settings.variables,
    domainName: domainNameOf(apiId, core.account),
    // What the log shows for a message without a route is assumed.
    routeKey: routeKey ?? '$default',
    requestId: core.ids.request(),
    at: core.clock.now(),
    what: { eventType: 'MESSAGE', messageId: core.ids.message(peer.connectionId) },
  }
  const ended = await run(core, stage, route, occasion, text, sources)
  logAccess(core, stage, occasion, ended.kind === 'fault' ? { status: ended.status, fault: ended } : ended)
  const answer =
    ended.kind === 'fault' ? errorFrame(ended.message, peer.connectionId, occasion.requestId) : ended.reply
  if (answer !== undefined && !core.send(connection, answer, routeKey)) {
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

async function run(
  core: Core,
  stage: Stage,
  route: DeployedRoute | undefined,
  occasion: Occasion,
  text: string,
  sources: Sources,
): Promise<Fault | { kind: 'done'; status: number; reply?: string | undefined }> {
  if (!route) return fault(403, says.forbidden, 'No route for this message')
  // What a throttled client is sent was never captured (assumed: G10).
  if (!core.maySpend() || !stageAdmits(stage, route.routeKey, core.clock.now))
    return fault(429, says.tooMany, 'Throttled')
  const seen: Sources = {
    ...sources,
    get context() {
      return requestContext(occasion)
    },
  }
  if (route.admits && !route.admits(seen))
    return fault(400, says.invalidBody, 'The message does not fit its model')

  const outcome = await integrate(core, route, {
    occasion,
    event: () => messageEvent(occasion, text),
    body: text,
    sources: seen,
    wanted: route.twoWay,
  })
  if (outcome.kind === 'fault') return outcome
  return { kind: 'done', status: outcome.status, ...(route.twoWay && { reply: outcome.body }) }
}
