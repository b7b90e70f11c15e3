import { logAccess } from './access-log.ts'
import type { Connection } from './connection.ts'
import { type Core, domainNameOf } from './core.ts'
import { disconnectEvent, type Occasion, requestContext } from './event-shapes.ts'
import { integrate } from './integration.ts'
import { serving } from './snapshot.ts'

/** Runs `$disconnect` after a connection has ended, whoever ended it. How that goes nobody hears (facts: A30). */
export async function sayFarewell(
  core: Core,
  { apiId, stage: stageName, peer }: Pick<Connection, 'apiId' | 'stage' | 'peer'>,
  code: number,
  reason: string,
): Promise<void> {
  const { connectionId } = peer
  core.events.emit({ kind: 'close', apiId, stage: stageName, connectionId, code, reason })
  const api = core.apis.get(apiId)
  const stage = api?.stages.get(stageName)
  const route = api && stage && serving(api, stage)?.routes.get('$disconnect')
  if (!route) return

  const occasion: Occasion = {
    peer,
    apiId,
    stage: stageName,
    stageVariables: stage.settings.variables,
    domainName: domainNameOf(apiId, core.account),
    routeKey: '$disconnect',
    requestId: core.ids.request(),
    at: core.clock.now(),
    what: { eventType: 'DISCONNECT', code, reason },
  }
  const outcome = await integrate(core, route, {
    occasion,
    event: () => disconnectEvent(occasion),
    body: '',
    sources: { context: requestContext(occasion), stageVariables: occasion.stageVariables },
    wanted: false,
  })
  logAccess(core, stage, occasion, {
    status: outcome.status,
    fault: outcome.kind === 'fault' ? outcome : undefined,
  })
}
