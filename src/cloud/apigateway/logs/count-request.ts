import type { Dimensions } from '../../cloudwatch/metric.ts'
import type { Stage } from '../api.ts'
import type { Core } from '../core.ts'
import type { Connection } from '../sockets/connection.ts'
import type { AccessLog } from './access-log.ts'

/** What counts a request in `AWS/ApiGateway` is told what the access log is told. */
type Count = AccessLog

/**
 * Counts one request by its outcome (facts: G13). That a failure in calling the integration is an ExecutionError, and only what the integration
 * itself answers an IntegrationError, is how AWS's one sentence for each reads.
 */
export function countRequest(core: Core, stage: Stage): Count {
  let integration: Parameters<Count['note']>[0]['integration']

  return {
    note(phase) {
      integration = phase.integration ?? integration
    },
    end({ apiId, stage: stageName, routeKey, what: { eventType } }, { status }) {
      const about = dimensionsOf(stage, apiId, stageName, routeKey)
      const count = (metric: string) => core.meter?.record('AWS/ApiGateway', metric, 1, 'Count', about)
      // A handshake that is let in without a `$connect` route counts as well (assumed).
      if (eventType === 'CONNECT' && (integration || status < 400)) count('ConnectCount')
      if (eventType === 'MESSAGE') count('MessageCount')
      if (!integration && status >= 400 && status < 500) count('ClientError')
      if (integration?.error !== undefined) count('ExecutionError')
      else if (Number(integration?.status) >= 400) count('IntegrationError')
      if (integration?.latency !== undefined) {
        core.meter?.record('AWS/ApiGateway', 'IntegrationLatency', integration.latency, 'Milliseconds', about)
      }
    },
  }
}

/** Counts a message to a client: an answer, or one that was posted to it. */
export function countMessage(core: Core, { apiId, stage: stageName }: Connection, routeKey?: string): void {
  const stage = core.apis.get(apiId)?.stages.get(stageName)
  if (!stage) return
  core.meter?.record(
    'AWS/ApiGateway',
    'MessageCount',
    1,
    'Count',
    dimensionsOf(stage, apiId, stageName, routeKey),
  )
}

/** By API, by stage, and by route where the stage's detailed metrics are on. The same objects for the same stage and route each time. */
function dimensionsOf(
  stage: Stage,
  ApiId: string,
  Stage: string,
  Route: string | undefined,
): readonly Dimensions[] {
  const { detailedMetrics } = stage.settings
  const isDetailed = Route !== undefined && (detailedMetrics.all || detailedMetrics.routes.has(Route))
  const key = isDetailed ? Route : ''
  const known = dimensions.get(stage) ?? new Map<string, readonly Dimensions[]>()
  dimensions.set(stage, known)
  const about = known.get(key) ?? [
    { ApiId },
    { ApiId, Stage },
    ...(isDetailed ? [{ ApiId, Stage, Route }] : []),
  ]
  known.set(key, about)
  return about
}

const dimensions = new WeakMap<Stage, Map<string, readonly Dimensions[]>>()
