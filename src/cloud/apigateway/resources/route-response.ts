import type { Properties } from '../../cloudformation/properties.ts'
import type { ResourceType } from '../../cloudformation/resource.ts'
import type { Core } from '../core.ts'
import { apiOf, bad, memberOf } from './found.ts'
import { routeResponseRights } from './rights.ts'

/** AWS::ApiGatewayV2::RouteResponse: makes a route two-way. Models for it do not exist on AWS either (facts: C2). */
export function routeResponseResource(core: Core): ResourceType {
  return {
    type: 'AWS::ApiGatewayV2::RouteResponse',
    attributes: ['RouteResponseId'],
    rights: routeResponseRights,
    properties: {
      ApiId: 'replace',
      RouteId: 'replace',
      RouteResponseKey: 'update',
      // They declare headers, and a message has none.
      ResponseParameters: 'harmless',
    },
    // Route responses have no models (facts: C2).
    invalid: ({ ResponseModels }) => (ResponseModels === undefined ? [] : ['ResponseModels']),
    create({ properties }) {
      checkKey(properties)
      const id = core.ids.resource()
      change(properties, responses => responses.set(id, '$default'))
      return { physicalId: id, attributes: { RouteResponseId: id } }
    },
    update({ properties }, existing) {
      checkKey(properties)
      return existing
    },
    delete({ physicalId, properties }) {
      if (!core.apis.get(String(properties.ApiId))?.routes.has(String(properties.RouteId))) return
      change(properties, responses => responses.delete(physicalId))
    },
  }

  function checkKey({ RouteResponseKey }: Properties) {
    if (RouteResponseKey !== '$default') bad('Route response key must be $default')
  }

  function change(properties: Readonly<Record<string, any>>, edit: (responses: Map<string, string>) => void) {
    const api = apiOf(core, properties.ApiId)
    const route = memberOf(api.routes, 'Route', properties.RouteId)
    const responses = new Map(route.responses)
    edit(responses)
    api.routes.set(route.routeId, { ...route, responses })
    api.revision++
  }
}
