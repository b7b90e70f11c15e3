import type { Core } from '../core.ts'
import { serving } from '../deploy.ts'
import { integrateLogged } from '../integrations/logged-integration.ts'
import { openLog } from '../logs/request-log.ts'
import { integrationFailure } from '../logs/response-type.ts'
import { disconnectEvent, type Occasion, requestContext } from '../messages/event-shapes.ts'
import type { Connection } from './connection.ts'

/** Runs `$disconnect` after a connection has ended, no matter which side ended it. Nobody hears its result (facts: A30). */
export async function sayFarewell(
  core: Core,
  { apiId, stage: stageName, peer }: Pick<Connection, 'apiId' | 'stage' | 'peer'>,
  code: number,
  reason: string,
): Promise<void> {
  const { connectionId } = peer
  const close = core.events.emit({ kind: 'close', apiId, stage: stageName, connectionId, code, reason })
  const api = core.apis.get(apiId)
  const stage = api?.stages.get(stageName)
  const snapshot = api && stage && serving(api, stage)
  if (!snapshot) return

  const occasion: Occasion = {
    peer,
    apiId,
    stage: stageName,
    stageVariables: stage.settings.variables,
    routeKey: '$disconnect',
    requestId: core.ids.request(),
    at: core.clock.now(),
    what: { eventType: 'DISCONNECT', code, reason },
  }
  const log = openLog(core, stage, occasion)
  const left = `Client [Connection Id: ${connectionId}] disconnected from API [${apiId}]`
  const closed = `Close reason: [${code}: ${reason}]`
  const route = snapshot.routes.get('$disconnect')
  if (!route) return log.step(`${left}. ${closed}`)

  log.step(`Starting execution for request: ${occasion.requestId}`)
  log.step('WebSocket Request Route: [$disconnect]')
  const passage = {
    occasion,
    event: () => disconnectEvent(occasion),
    body: '',
    sources: { context: requestContext(occasion), stageVariables: occasion.stageVariables },
    wanted: false,
  }
  const outcome = await core.events.causing(close, () => integrateLogged(core, route, passage, log))
  const { status } = outcome
  log.step(`${left} with integration response status code [${status}]. ${closed}`)
  const isFault = outcome.kind === 'fault'
  if (!isFault) log.step('Successfully completed execution')
  log.end(occasion, {
    status,
    ...(isFault && { message: outcome.message, responseType: integrationFailure(outcome) }),
  })
}
