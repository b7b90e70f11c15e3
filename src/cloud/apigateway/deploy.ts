import { createHash } from 'node:crypto'
import { AwsError } from '../error.ts'
import type { Api, Stage } from './api.ts'
import type { Integration, Passthrough, Route, Templates } from './definition.ts'
import { compileTemplate } from './integrations/mapping-template.ts'
import { compileParameters, compileResponseParameters } from './integrations/request-parameters.ts'
import { compileSchema } from './messages/model.ts'
import { compileSelection, type Sources } from './messages/selection-expression.ts'
import type { DeployedIntegration, DeployedRoute, Snapshot, TemplateChoice } from './snapshot.ts'

/**
 * Takes a snapshot of an API.
 * Throws `BadRequestException` when it has no route (facts: H2).
 */
export function takeSnapshot(api: Api, deploymentId: string): Snapshot {
  if (api.routes.size === 0) {
    throw new AwsError('BadRequestException', 'At least one route is required before deploying the Api.')
  }
  const integrations = new Map([...api.integrations].map(([id, one]) => [id, deployIntegration(one)]))
  return {
    deploymentId,
    revision: api.revision,
    disabled: api.settings.disableExecuteApiEndpoint,
    apiKeySource: api.settings.apiKeySource,
    selectRoute: compileSelection(api.settings.routeSelectionExpression),
    routes: new Map(
      [...api.routes.values()].map(route => [route.routeKey, deployRoute(route, api, integrations)]),
    ),
  }
}

/**
 * What a stage serves now; `undefined` before its first deployment (facts: A14).
 *
 * A stage with AutoDeploy follows every change at once; on AWS within seconds (facts: H19). While there is no route, what
 * it served last stays (assumed).
 */
export function serving(api: Api, stage: Stage): Snapshot | undefined {
  if (stage.settings.autoDeploy && stage.deployed?.revision !== api.revision && api.routes.size > 0) {
    stage.deployed = takeSnapshot(api, autoDeploymentId(api))
  }
  return stage.deployed
}

/** Six characters, as AWS gives deployments that nobody asked for. The same for the same state of an API. */
const autoDeploymentId = ({ apiId, revision }: Api) =>
  BigInt(`0x${createHash('sha256').update(`${apiId}/${revision}`).digest('hex')}`)
    .toString(36)
    .slice(0, 6)

function deployRoute(
  route: Route,
  api: Api,
  integrations: ReadonlyMap<string, DeployedIntegration>,
): DeployedRoute {
  return {
    routeKey: route.routeKey,
    integration: route.integrationId === undefined ? undefined : integrations.get(route.integrationId),
    twoWay:
      route.routeResponseSelectionExpression === '$default' &&
      [...route.responses.values()].includes('$default'),
    refuses: route.requestModels && validator(route, api),
    requestParameters: route.requestParameters,
    authorizationType: route.authorizationType,
    authorizer: route.authorizerId === undefined ? undefined : api.authorizers.get(route.authorizerId),
    apiKeyRequired: route.apiKeyRequired,
  }
}

/** The model that a message must fit: the selected one, else `$default`'s; without either it fails (facts: B16). */
function validator(route: Route, api: Api): (sources: Sources) => (() => string) | undefined {
  const select = compileSelection(route.modelSelectionExpression ?? '$default')
  const byName = new Map([...api.models.values()].map(model => [model.name, model.schema]))
  const schemas = new Map(
    Object.entries(route.requestModels ?? {}).flatMap(([key, name]) =>
      byName.has(name) ? [[key, compileSchema(byName.get(name))] as const] : [],
    ),
  )
  return sources => {
    const check = schemas.get(select(sources)) ?? schemas.get('$default')
    // The validator's words for these two were not captured (assumed).
    if (!check) return () => '[No model matches the request]'
    if (sources.body === undefined) return () => '[Unable to parse the request body as JSON]'
    return check(sources.body)
  }
}

function deployIntegration({
  templates,
  parameters,
  responses,
  ...integration
}: Integration): DeployedIntegration {
  return {
    ...integration,
    request: choice(templates, integration.passthrough),
    parameters: compileParameters(parameters),
    responses: [...responses.values()].map(({ templates, parameters, ...response }) => ({
      ...response,
      choice: choice(templates, 'WHEN_NO_MATCH'),
      parameters: compileResponseParameters(parameters),
    })),
  }
}

const choice = ({ selection = '$default', texts }: Templates, passthrough: Passthrough): TemplateChoice => ({
  select: compileSelection(selection),
  templates: new Map(Object.entries(texts).map(([key, text]) => [key, compileTemplate(text)])),
  passthrough,
})
