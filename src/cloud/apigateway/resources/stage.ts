import type { Properties } from '../../cloudformation/properties.ts'
import type { ResourceType } from '../../cloudformation/resource.ts'
import { AwsError } from '../../error.ts'
import type { Api, Stage } from '../api.ts'
import type { Core } from '../core.ts'
import { refuseWhileStageMapped } from '../custom-domains.ts'
import type { StageSettings } from '../definition.ts'
import { serving } from '../deploy.ts'
import type { Throttling } from '../throttle.ts'
import { closeAll, isTrue } from './api.ts'
import { apiOf, bad, checkQuota, memberOf } from './found.ts'
import { stageRights } from './rights.ts'
import { accessLogFrom, loggingFrom, refuseLogs } from './stage-logs.ts'

/** AWS::ApiGatewayV2::Stage (facts: H1, H3, H4, H12, H13, H18, G9). */
export function stageResource(core: Core): ResourceType {
  return {
    type: 'AWS::ApiGatewayV2::Stage',
    attributes: [],
    rights: stageRights,
    properties: {
      ApiId: 'replace',
      StageName: 'replace',
      AutoDeploy: 'update',
      DeploymentId: 'update',
      StageVariables: 'update',
      DefaultRouteSettings: 'update',
      RouteSettings: 'update',
      AccessLogSettings: 'update',
      Description: 'update',
      Tags: 'update',
    },
    refuse: properties => refuseLogs(core, properties),
    create({ properties }) {
      const api = apiOf(core, properties.ApiId)
      const stageName = String(properties.StageName ?? '')
      if (!/^[\w-]{1,128}$/.test(stageName)) {
        bad('Stage name only allows a-zA-Z0-9_- characters and is at most 128 characters long')
      }
      if (api.stages.has(stageName)) throw new AwsError('ConflictException', 'Stage already exists', 409)
      checkQuota(api.stages, 'Stages', 10)
      const stage: Stage = { stageName, settings: settingsFrom(core, api, properties), throttles: new Map() }
      // Apps that set both come up (assumed: the deployment is passed over); only a later change is known to be refused.
      if (properties.DeploymentId && !stage.settings.autoDeploy) deploy(api, stage, properties.DeploymentId)
      api.stages.set(stageName, stage)
      return { physicalId: stageName, attributes: {} }
    },
    update({ properties }, { physicalId, properties: before }) {
      const api = apiOf(core, properties.ApiId)
      const stage = memberOf(api.stages, 'Stage', physicalId)
      const settings = settingsFrom(core, api, properties)
      // A stage that stops deploying by itself keeps what it serves at this moment.
      serving(api, stage)
      stage.settings = settings
      stage.throttles.clear()
      if (properties.DeploymentId && properties.DeploymentId !== before.DeploymentId) {
        deploy(api, stage, properties.DeploymentId)
      }
      return { physicalId, attributes: {} }
    },
    delete({ physicalId, properties }) {
      const apiId = String(properties.ApiId)
      refuseWhileStageMapped(core.domains, apiId, physicalId)
      if (core.apis.get(apiId)?.stages.delete(physicalId)) closeAll(core, apiId, physicalId)
    },
  }
}

/** Puts a deployment on a stage; the refusal's words are a capture of an update's (facts: H4). */
function deploy(api: Api, stage: Stage, deploymentId: unknown) {
  if (stage.settings.autoDeploy)
    bad(`Deployment ID cannot be set on this stage ${stage.stageName} because AutoDeploy is enabled`)
  stage.deployed = memberOf(api.deployments, 'Deployment', deploymentId)
}

/** What a route's settings leave out, the stage's decide (assumed). */
function settingsFrom(core: Core, api: Api, properties: Properties): StageSettings {
  const {
    AutoDeploy,
    StageVariables = {},
    DefaultRouteSettings,
    RouteSettings = {},
    AccessLogSettings,
  } = properties
  const routeSettings: [string, any][] = Object.entries(RouteSettings)
  const routeKeys = new Set([...api.routes.values()].map(({ routeKey }) => routeKey))
  for (const [routeKey] of routeSettings) {
    if (routeKeys.has(routeKey)) continue
    const message = `Unable to find Route by key ${routeKey} within the provided RouteSettings`
    throw new AwsError('NotFoundException', message, 404)
  }
  return {
    autoDeploy: isTrue(AutoDeploy),
    variables: Object.fromEntries(
      Object.entries(StageVariables).map(([name, value]) => [name, String(value)]),
    ),
    throttling: throttlingFrom(DefaultRouteSettings),
    routeThrottling: Object.fromEntries(
      routeSettings.map(([routeKey, settings]) => [
        routeKey,
        throttlingFrom({ ...DefaultRouteSettings, ...settings }),
      ]),
    ),
    detailedMetrics: {
      all: isTrue(DefaultRouteSettings?.DetailedMetricsEnabled),
      routes: new Set(
        routeSettings.flatMap(([routeKey, settings]) =>
          isTrue(settings.DetailedMetricsEnabled) ? [routeKey] : [],
        ),
      ),
    },
    accessLog: AccessLogSettings && accessLogFrom(core, AccessLogSettings),
    logging: loggingFrom(core, DefaultRouteSettings),
    routeLogging: Object.fromEntries(
      routeSettings.map(([routeKey, settings]) => [
        routeKey,
        loggingFrom(core, { ...DefaultRouteSettings, ...settings }),
      ]),
    ),
  }
}

function throttlingFrom(settings: any): Throttling {
  const { ThrottlingRateLimit: rate, ThrottlingBurstLimit: burst } = settings ?? {}
  return {
    rate: rate === undefined ? undefined : Number(rate),
    burst: burst === undefined ? undefined : Number(burst),
  }
}
