import type { Properties } from '../../cloudformation/properties.ts'
import type { Core } from '../core.ts'
import type { Logging, StageSettings } from '../definition.ts'
import { isTrue } from './api.ts'
import { bad } from './found.ts'

/** The longest access log format, in bytes (facts: G7). */
const MAX_FORMAT_BYTES = 3 * 1024

/** What of a stage's logs cannot be kept here. */
export function refuseLogs(core: Core, { AccessLogSettings, ...properties }: Properties): string[] {
  const asked = [
    ...(AccessLogSettings ? ['AccessLogSettings'] : []),
    ...[properties.DefaultRouteSettings, ...Object.values(properties.RouteSettings ?? {})].flatMap(
      settings => (wantsLogs(settings) ? ['LoggingLevel'] : []),
    ),
  ]
  return [
    ...(core.logs ? [] : [...new Set(asked)].map(name => `${name} needs CloudWatch Logs, which is not here`)),
    ...(JSON.stringify(AccessLogSettings?.DestinationArn ?? '').includes(':firehose:')
      ? ['AccessLogSettings to Kinesis Data Firehose is not run here: only to a log group']
      : []),
  ]
}

/**
 * How much of its work on requests API Gateway writes down.
 * Throws `BadRequestException` when the account has no role for logs (facts: H12).
 */
export function loggingFrom(core: Core, settings: any): Logging {
  const { LoggingLevel: level = 'OFF', DataTraceEnabled } = settings ?? {}
  if (level !== 'OFF' && level !== 'ERROR' && level !== 'INFO') {
    bad(`Invalid logging level ${level}: must be one of [OFF, ERROR, INFO]`)
  }
  const dataTrace = isTrue(DataTraceEnabled)
  if (dataTrace || level !== 'OFF') checkRole(core)
  // Full request and response logs, whatever the level says (facts: H13).
  return { level: dataTrace ? 'INFO' : level, dataTrace }
}

/** Where access logs go and what is in them. Throws `BadRequestException`. */
export function accessLogFrom(
  core: Core,
  { DestinationArn, Format }: Properties,
): StageSettings['accessLog'] {
  checkRole(core)
  const group = /^arn:[\w-]+:logs:[^:]*:\d*:log-group:([^:]+)(?::\*)?$/.exec(String(DestinationArn))?.[1]
  if (!group)
    bad(
      `Invalid ARN specified in the request. ARNs must start with 'arn:' and name a log group: ${DestinationArn}`,
    )
  if (!Format) bad('Access log format is required')
  if (Buffer.byteLength(String(Format)) > MAX_FORMAT_BYTES)
    bad('Access log format must not have more than 3 KB')
  if (
    !String(Format).includes('$context.requestId') &&
    !String(Format).includes('$context.extendedRequestId')
  ) {
    bad('Access log format must include at least one of `$context.requestId` or `$context.extendedRequestId`')
  }
  return { group, format: String(Format) }
}

function checkRole({ accountSettings }: Core) {
  if (!accountSettings.cloudWatchRoleArn) {
    bad('CloudWatch Logs role ARN must be set in account settings to enable logging')
  }
}

/** Looks at literals only: what is worked out later is looked at then. */
const wantsLogs = (settings: any) =>
  ['ERROR', 'INFO'].includes(settings?.LoggingLevel) || isTrue(settings?.DataTraceEnabled)
