import { AwsError } from '../error.ts'
import type { Api, Authorizer, Integration, Passthrough, Route, Stage, Templates } from './api.ts'
import { compileTemplate, type Template } from './mapping-template.ts'
import { compileSchema } from './model.ts'
import { compileSelection, type Selection, type Sources } from './selection-expression.ts'

/** An API as it was when it was deployed, ready to run (facts: H1). */
export interface Snapshot {
  readonly deploymentId: string
  readonly revision: number
  /** Nobody may use the default endpoint (facts: A50). */
  readonly disabled: boolean
  readonly selectRoute: Selection
  readonly routes: ReadonlyMap<string, DeployedRoute>
}

export interface DeployedRoute {
  readonly routeKey: string
  readonly integration?: DeployedIntegration | undefined
  /** Whether the integration's answer goes to the client (facts: C2). */
  readonly twoWay: boolean
  /** Whether a message fits its model; absent when the route has no models. */
  readonly admits?: ((sources: Sources) => boolean) | undefined
  readonly authorizationType: Route['authorizationType']
  readonly authorizer?: Authorizer | undefined
}

export type DeployedIntegration = Omit<Integration, 'templates' | 'responses'> & {
  readonly request: TemplateChoice
  readonly responses: readonly { readonly key: string; readonly choice: TemplateChoice }[]
}

/** Compiled templates, and what becomes of a message for which none was found. */
export interface TemplateChoice {
  readonly select: Selection
  readonly templates: ReadonlyMap<string, Template>
  readonly passthrough: Passthrough
}

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
    stage.deployed = takeSnapshot(api, `auto${api.revision}`)
  }
  return stage.deployed
}

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
    admits: route.requestModels && validator(route, api),
    authorizationType: route.authorizationType,
    authorizer: route.authorizerId === undefined ? undefined : api.authorizers.get(route.authorizerId),
  }
}

/** The model that a message must fit: the selected one, else `$default`'s; without either it fails (facts: B16). */
function validator(route: Route, api: Api): (sources: Sources) => boolean {
  const select = compileSelection(route.modelSelectionExpression ?? '$default')
  const byName = new Map([...api.models.values()].map(model => [model.name, model.schema]))
  const schemas = new Map(
    Object.entries(route.requestModels ?? {}).flatMap(([key, name]) =>
      byName.has(name) ? [[key, compileSchema(byName.get(name))] as const] : [],
    ),
  )
  return sources => {
    const fits = schemas.get(select(sources)) ?? schemas.get('$default')
    return fits !== undefined && sources.body !== undefined && fits(sources.body)
  }
}

function deployIntegration({ templates, responses, ...integration }: Integration): DeployedIntegration {
  return {
    ...integration,
    request: choice(templates, integration.passthrough),
    responses: [...responses.values()].map(response => ({
      key: response.key,
      choice: choice(response.templates, 'WHEN_NO_MATCH'),
    })),
  }
}

const choice = ({ selection = '$default', texts }: Templates, passthrough: Passthrough): TemplateChoice => ({
  select: compileSelection(selection),
  templates: new Map(Object.entries(texts).map(([key, text]) => [key, compileTemplate(text)])),
  passthrough,
})
