import type { Operation, RestInput } from '../../service.ts'
import type { Core } from '../core.ts'
import { serving } from '../deploy.ts'
import { apiOf, memberOf } from '../resources/found.ts'
import type { Entry, Ledger } from '../resources/ledger.ts'
import * as shapes from './api-shapes.ts'
import { pageOf } from './paging.ts'
import { read } from './read.ts'

/** One kind of thing that an API has, and how its two operations are called. */
interface Kind {
  /** As in the resource type's name and in `GetRoute`: `Route`. */
  readonly name: string
  /** Where it is: `/apis/:apiId/routes`. */
  readonly path: `/${string}`
  /** What is behind a slash after it: `:routeId`. */
  readonly id: string
  readonly shape: (entry: Entry) => object
}

const KINDS: readonly Kind[] = [
  { name: 'Route', path: '/apis/:apiId/routes', id: 'routeId', shape: shapes.routeShape },
  {
    name: 'RouteResponse',
    path: '/apis/:apiId/routes/:routeId/routeresponses',
    id: 'routeResponseId',
    shape: shapes.routeResponseShape,
  },
  {
    name: 'Integration',
    path: '/apis/:apiId/integrations',
    id: 'integrationId',
    shape: shapes.integrationShape,
  },
  {
    name: 'IntegrationResponse',
    path: '/apis/:apiId/integrations/:integrationId/integrationresponses',
    id: 'integrationResponseId',
    shape: shapes.integrationResponseShape,
  },
  { name: 'Authorizer', path: '/apis/:apiId/authorizers', id: 'authorizerId', shape: shapes.authorizerShape },
  { name: 'Model', path: '/apis/:apiId/models', id: 'modelId', shape: shapes.modelShape },
]

const TYPE = 'AWS::ApiGatewayV2::'

/** The operations of API Gateway v2 that read: `aws apigatewayv2 get-routes` and the like, of what templates have deployed. */
export function apiOperations(core: Core, ledger: Ledger): readonly Operation<RestInput>[] {
  const get = (name: string, path: `/${string}`, run: (input: RestInput) => unknown) =>
    read(name, path, run, '/v2')

  return [
    get('GetApis', '/apis', ({ query }) => listed(apiEntries().map(apiShape), query)),
    get('GetApi', '/apis/:apiId', ({ params }) => {
      apiOf(core, params.apiId)
      return apiShape(apiEntries().find(({ id }) => id === params.apiId)!)
    }),
    ...KINDS.flatMap(kind => [
      get(`Get${kind.name}s`, kind.path, ({ params, query }) =>
        listed(members(kind.name, params).map(kind.shape), query),
      ),
      get(`Get${kind.name}`, `${kind.path}/:${kind.id}`, ({ params }) =>
        kind.shape(member(kind.name, params, params[kind.id])),
      ),
    ]),
    get('GetStages', '/apis/:apiId/stages', ({ params, query }) =>
      listed(members('Stage', params).map(stageShape), query),
    ),
    get('GetStage', '/apis/:apiId/stages/:stageName', ({ params }) =>
      stageShape(member('Stage', params, params.stageName)),
    ),
    get('GetDeployments', '/apis/:apiId/deployments', ({ params, query }) =>
      listed([...deployments(params).values()], query),
    ),
    get('GetDeployment', '/apis/:apiId/deployments/:deploymentId', ({ params }) =>
      memberOf(deployments(params), 'Deployment', params.deploymentId),
    ),
  ]

  function apiEntries() {
    return ledger.entries().filter(({ type }) => type === `${TYPE}Api`)
  }

  function apiShape(entry: Entry) {
    return shapes.apiShape(entry, core.account)
  }

  /** All of a kind in one API; of responses, those of one route or integration. Throws `NotFoundException`. */
  function members(kind: string, params: RestInput['params']): readonly Entry[] {
    const { routeId, integrationId } = params
    const api = apiOf(core, params.apiId)
    if (kind === 'RouteResponse') memberOf(api.routes, 'Route', routeId)
    if (kind === 'IntegrationResponse') memberOf(api.integrations, 'Integration', integrationId)
    return ledger
      .entries()
      .filter(
        ({ type, properties }) =>
          type === TYPE + kind &&
          properties.ApiId === api.apiId &&
          (kind !== 'RouteResponse' || properties.RouteId === routeId) &&
          (kind !== 'IntegrationResponse' || properties.IntegrationId === integrationId),
      )
  }

  function member(kind: string, params: RestInput['params'], id: unknown): Entry {
    return memberOf(new Map(members(kind, params).map(entry => [entry.id, entry])), kind, id)
  }

  function stageShape(entry: Entry) {
    const api = apiOf(core, entry.properties.ApiId)
    const stage = memberOf(api.stages, 'Stage', entry.id)
    const deploymentId = serving(api, stage)?.deploymentId
    return shapes.stageShape(entry, {
      deploymentId,
      message: stage.settings.autoDeploy ? statusMessage(deploymentId) : undefined,
      changedAt: stage.settings.autoDeploy ? lastChange(api.apiId) : entry.updatedAt,
    })
  }

  /** Those that somebody asked for, and those that stages made by themselves and serve now: older ones of these are not kept here. */
  function deployments(params: RestInput['params']): ReadonlyMap<string, object> {
    const api = apiOf(core, params.apiId)
    const asked = members('Deployment', params).map(
      ({ id, createdAt, properties }) =>
        [id, shapes.deploymentShape(id, createdAt, false, properties.Description)] as const,
    )
    const own = [...api.stages.values()].flatMap(stage => {
      const id = serving(api, stage)?.deploymentId
      return id === undefined || api.deployments.has(id)
        ? []
        : [[id, shapes.deploymentShape(id, lastChange(api.apiId), true, AUTOMATIC)] as const]
    })
    return new Map([...own, ...asked])
  }

  /** When something of an API last changed, and with it every stage that deploys by itself (facts: H19). */
  function lastChange(apiId: string): number {
    const times = ledger
      .entries()
      .flatMap(({ id, properties, updatedAt }) =>
        id === apiId || properties.ApiId === apiId ? [updatedAt] : [],
      )
    return Math.max(...times)
  }
}

/** How API Gateway describes a deployment of its own. */
const AUTOMATIC = 'Automatic deployment triggered by changes to the Api configuration'

/** The words for a stage that could not be deployed follow those for a Deployment (assumed: H2). */
const statusMessage = (deploymentId: string | undefined) =>
  deploymentId === undefined
    ? 'Deployment attempt failed: At least one route is required before deploying the Api.'
    : `Successfully deployed stage with deployment ID '${deploymentId}'`

function listed(all: readonly object[], { maxResults, nextToken }: RestInput['query']) {
  const { items, next } = pageOf(all, maxResults, nextToken)
  return { items, nextToken: next }
}
