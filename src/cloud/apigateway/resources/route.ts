import type { Properties } from '../../cloudformation/properties.ts'
import type { ResourceType } from '../../cloudformation/resource.ts'
import { AwsError } from '../../error.ts'
import type { Api } from '../api.ts'
import type { Core } from '../core.ts'
import type { Route } from '../definition.ts'
import { ROUTE_PARAMETER } from '../integrations/request-parameters.ts'
import { compileSelection } from '../messages/selection-expression.ts'
import { isTrue } from './api.ts'
import { apiOf, bad, checkQuota, memberOf } from './found.ts'
import { routeRights } from './rights.ts'

/** AWS::ApiGatewayV2::Route (facts: B17, B25, C2, F2, F4, F23, H16). */
export function routeResource(core: Core): ResourceType {
  return {
    type: 'AWS::ApiGatewayV2::Route',
    attributes: ['RouteId'],
    rights: routeRights,
    properties: {
      ApiId: 'replace',
      RouteKey: 'update',
      Target: 'update',
      AuthorizationType: 'update',
      AuthorizerId: 'update',
      ApiKeyRequired: 'update',
      RouteResponseSelectionExpression: 'update',
      ModelSelectionExpression: 'update',
      RequestModels: 'update',
      RequestParameters: 'update',
      OperationName: 'update',
    },
    refuse: ({ AuthorizationType }) =>
      AuthorizationType === 'AWS_IAM' && !core.identify
        ? ['AuthorizationType AWS_IAM is not run here yet']
        : [],
    create({ properties }) {
      const api = apiOf(core, properties.ApiId)
      checkQuota(api.routes, 'Routes', 300)
      const routeId = core.ids.resource()
      put(api, routeFrom(api, routeId, properties, new Map()))
      return physical(routeId)
    },
    update({ properties }, { physicalId }) {
      const api = apiOf(core, properties.ApiId)
      const { responses } = memberOf(api.routes, 'Route', physicalId)
      put(api, routeFrom(api, physicalId, properties, responses))
      return physical(physicalId)
    },
    delete({ physicalId, properties }) {
      const api = core.apis.get(String(properties.ApiId))
      if (api?.routes.delete(physicalId)) api.revision++
    },
  }
}

const physical = (routeId: string) => ({ physicalId: routeId, attributes: { RouteId: routeId } })

function put(api: Api, route: Route) {
  api.routes.set(route.routeId, route)
  api.revision++
}

function routeFrom(api: Api, routeId: string, properties: Properties, responses: Route['responses']): Route {
  const {
    RouteKey,
    AuthorizationType = 'NONE',
    AuthorizerId,
    RouteResponseSelectionExpression,
    RequestModels,
  } = properties
  const routeKey = String(RouteKey ?? '')
  checkKey(api, routeId, routeKey)
  if (!['NONE', 'AWS_IAM', 'CUSTOM'].includes(AuthorizationType)) {
    bad(
      `Invalid AuthorizationType ${AuthorizationType} for a WEBSOCKET API: must be one of [NONE, AWS_IAM, CUSTOM]`,
    )
  }
  if (AuthorizationType !== 'NONE' && routeKey !== '$connect') {
    bad('Currently, authorization is restricted to the $connect route only')
  }
  const apiKeyRequired = isTrue(properties.ApiKeyRequired)
  // The words are assumed, after those for authorization (facts: B25, F23).
  if (apiKeyRequired && routeKey !== '$connect') {
    bad('Currently, API Key is restricted to the $connect route only')
  }
  if (AuthorizationType === 'CUSTOM') memberOf(api.authorizers, 'Authorizer', AuthorizerId)
  if (RouteResponseSelectionExpression !== undefined && RouteResponseSelectionExpression !== '$default') {
    bad('Route response selection expression must be $default')
  }
  if (properties.ModelSelectionExpression) compileSelection(String(properties.ModelSelectionExpression))
  const names = new Set([...api.models.values()].map(({ name }) => name))
  for (const name of Object.values(RequestModels ?? {})) {
    if (!names.has(String(name))) bad(`Invalid model identifier specified: ${name}`)
  }
  return {
    routeId,
    routeKey,
    integrationId: integrationOf(api, properties.Target),
    authorizationType: AuthorizationType,
    authorizerId: AuthorizerId && String(AuthorizerId),
    apiKeyRequired,
    modelSelectionExpression: properties.ModelSelectionExpression,
    requestModels: RequestModels,
    requestParameters: declaredFrom(routeKey, properties.RequestParameters),
    routeResponseSelectionExpression: RouteResponseSelectionExpression,
    responses,
  }
}

function checkKey(api: Api, routeId: string, routeKey: string) {
  if (!routeKey) bad('Route key is required')
  if (routeKey.startsWith('$') && !['$connect', '$disconnect', '$default'].includes(routeKey)) {
    bad(`Invalid route key ${routeKey}: a leading $ is reserved for $connect, $disconnect and $default`)
  }
  const taken = [...api.routes.values()].some(
    route => route.routeKey === routeKey && route.routeId !== routeId,
  )
  if (taken)
    throw new AwsError('ConflictException', `Route with key ${routeKey} already exists for this API`, 409)
}

/** Only a handshake has headers and a query string (facts: C20); the words are assumed. */
function declaredFrom(routeKey: string, parameters: unknown): Route['requestParameters'] {
  const declared = Object.entries((parameters ?? {}) as Record<string, any>)
  for (const [name] of declared) {
    if (!ROUTE_PARAMETER.test(name)) bad(`Invalid request parameter ${name}`)
    if (routeKey !== '$connect')
      bad('Currently, request parameters are restricted to the $connect route only')
  }
  return new Map(declared.map(([name, constraints]) => [name, isTrue(constraints?.Required)]))
}

function integrationOf(api: Api, target: unknown): string | undefined {
  if (target === undefined) return undefined
  const id = /^integrations\/(.+)$/.exec(String(target))?.[1]
  if (!id) bad(`Invalid route target ${target}: must be integrations/{integrationId}`)
  return memberOf(api.integrations, 'Integration', id).integrationId
}
