import type { Properties, ResourceType } from '../../cloudformation/resource.ts'
import { AwsError } from '../../error.ts'
import type { Api, Stage, StageSettings, Throttling } from '../api.ts'
import type { Core } from '../core.ts'
import { serving } from '../snapshot.ts'
import { closeAll, isTrue } from './api.ts'
import { apiOf, bad, checkQuota, memberOf } from './found.ts'

/** The longest access log format, in bytes (facts: G7). */
const MAX_FORMAT_BYTES = 3 * 1024

/** AWS::ApiGatewayV2::Stage (facts: H1, H3, H4, H18, G9). */
export function stageResource(core: Core): ResourceType {
  return {
    type: 'AWS::ApiGatewayV2::Stage',
    properties: {
      ApiId: 'replace',
      StageName: 'replace',
      AutoDeploy: 'update',
      DeploymentId: 'update',
      StageVariables: 'update',
      DefaultRouteSettings: 'update',
      RouteSettings: 'update',
      AccessLogSettings: 'update',
      Description: 'harmless',
      Tags: 'harmless',
    },
    refuse: properties => [
      ...(properties.AccessLogSettings && !core.logs
        ? ['AccessLogSettings needs CloudWatch Logs, which is not here']
        : []),
      ...[
        ['DefaultRouteSettings', properties.DefaultRouteSettings],
        ...Object.entries(properties.RouteSettings ?? {}),
      ].flatMap(([name, settings]) => refuseSettings(String(name), settings)),
    ],
    create({ properties }) {
      const api = apiOf(core, properties.ApiId)
      const stageName = String(properties.StageName ?? '')
      if (!/^[\w-]{1,128}$/.test(stageName)) {
        bad('Stage name only allows a-zA-Z0-9_- characters and is at most 128 characters long')
      }
      if (api.stages.has(stageName)) throw new AwsError('ConflictException', 'Stage already exists', 409)
      checkQuota(api.stages, 'Stages', 10)
      const stage: Stage = { stageName, settings: settingsFrom(core, properties), throttles: new Map() }
      if (!stage.settings.autoDeploy) deploy(api, stage, properties.DeploymentId)
      api.stages.set(stageName, stage)
      return { physicalId: stageName, attributes: {} }
    },
    update({ properties }, { physicalId, properties: before }) {
      const api = apiOf(core, properties.ApiId)
      const stage = memberOf(api.stages, 'Stage', physicalId)
      const settings = settingsFrom(core, properties)
      if (settings.autoDeploy && properties.DeploymentId !== before.DeploymentId && properties.DeploymentId) {
        bad('Deployment ID cannot be set while auto deploy is enabled')
      }
      // A stage that stops deploying by itself keeps what it serves at this moment.
      serving(api, stage)
      stage.settings = settings
      stage.throttles.clear()
      if (!settings.autoDeploy) deploy(api, stage, properties.DeploymentId)
      return { physicalId, attributes: {} }
    },
    delete({ physicalId, properties }) {
      const apiId = String(properties.ApiId)
      if (core.apis.get(apiId)?.stages.delete(physicalId)) closeAll(core, apiId, physicalId)
    },
  }
}

function deploy(api: Api, stage: Stage, deploymentId: unknown) {
  if (deploymentId) stage.deployed = memberOf(api.deployments, 'Deployment', deploymentId)
}

function settingsFrom(core: Core, properties: Properties): StageSettings {
  const {
    AutoDeploy,
    StageVariables = {},
    DefaultRouteSettings,
    RouteSettings = {},
    AccessLogSettings,
  } = properties
  return {
    autoDeploy: isTrue(AutoDeploy),
    variables: Object.fromEntries(
      Object.entries(StageVariables).map(([name, value]) => [name, String(value)]),
    ),
    throttling: throttlingFrom(DefaultRouteSettings),
    routeThrottling: Object.fromEntries(
      Object.entries(RouteSettings).map(([routeKey, settings]) => [routeKey, throttlingFrom(settings)]),
    ),
    accessLog: AccessLogSettings && accessLogFrom(core, AccessLogSettings),
  }
}

function throttlingFrom(settings: any): Throttling {
  const { ThrottlingRateLimit: rate, ThrottlingBurstLimit: burst } = settings ?? {}
  return {
    rate: rate === undefined ? undefined : Number(rate),
    burst: burst === undefined ? undefined : Number(burst),
  }
}

function accessLogFrom(core: Core, { DestinationArn, Format }: Properties): StageSettings['accessLog'] {
  if (!core.accountSettings.cloudWatchRoleArn) {
    bad('CloudWatch Logs role ARN must be set in account settings to enable logging')
  }
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

/** Throttling works; metrics change nothing here; execution logs are not written. */
function refuseSettings(name: string, settings: any): string[] {
  const { LoggingLevel = 'OFF', DataTraceEnabled = false } = settings ?? {}
  return [
    ...(typeof LoggingLevel === 'string' && LoggingLevel !== 'OFF'
      ? [`LoggingLevel ${LoggingLevel} of ${name} needs execution logs, which are not written here`]
      : []),
    ...(isTrue(DataTraceEnabled)
      ? [`DataTraceEnabled of ${name} needs execution logs, which are not written here`]
      : []),
  ]
}
