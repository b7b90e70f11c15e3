import type { Properties } from '../../cloudformation/properties.ts'
import type { ResourceType } from '../../cloudformation/resource.ts'
import type { Core } from '../core.ts'
import type { IntegrationResponse } from '../definition.ts'
import { compileResponseParameters } from '../integrations/request-parameters.ts'
import { apiOf, bad, memberOf } from './found.ts'
import { templatesFrom } from './integration.ts'
import { integrationResponseRights } from './rights.ts'

/** AWS::ApiGatewayV2::IntegrationResponse: what a non-proxy integration replies (facts: C9, C10, C11, C12, C23). */
export function integrationResponseResource(core: Core): ResourceType {
  return {
    type: 'AWS::ApiGatewayV2::IntegrationResponse',
    attributes: ['IntegrationResponseId'],
    rights: integrationResponseRights,
    properties: {
      ApiId: 'replace',
      IntegrationId: 'replace',
      IntegrationResponseKey: 'update',
      ResponseParameters: 'update',
      ResponseTemplates: 'update',
      TemplateSelectionExpression: 'update',
      ContentHandlingStrategy: 'update',
    },
    refuse: ({ ContentHandlingStrategy }) =>
      ContentHandlingStrategy === 'CONVERT_TO_BINARY'
        ? ['ContentHandlingStrategy CONVERT_TO_BINARY is not run here: a client is sent text']
        : [],
    create({ properties }) {
      const id = core.ids.resource()
      put(id, properties)
      return physical(id)
    },
    update({ properties }, { physicalId }) {
      put(physicalId, properties)
      return physical(physicalId)
    },
    delete({ physicalId, properties }) {
      if (!core.apis.get(String(properties.ApiId))?.integrations.has(String(properties.IntegrationId))) return
      change(properties, responses => responses.delete(physicalId))
    },
  }

  function put(id: string, properties: Properties) {
    const key = checkedKey(String(properties.IntegrationResponseKey ?? ''))
    const templates = templatesFrom(properties.TemplateSelectionExpression, properties.ResponseTemplates)
    const parameters = Object.fromEntries(
      Object.entries(properties.ResponseParameters ?? {}).map(([target, source]) => [target, String(source)]),
    )
    compileResponseParameters(parameters)
    const encodes = properties.ContentHandlingStrategy === 'CONVERT_TO_TEXT'
    change(properties, responses => responses.set(id, { key, templates, parameters, encodes }))
  }

  function change(properties: Properties, edit: (responses: Map<string, IntegrationResponse>) => void) {
    const api = apiOf(core, properties.ApiId)
    const integration = memberOf(api.integrations, 'Integration', properties.IntegrationId)
    const responses = new Map(integration.responses)
    edit(responses)
    api.integrations.set(integration.integrationId, { ...integration, responses })
    api.revision++
  }
}

const physical = (id: string) => ({ physicalId: id, attributes: { IntegrationResponseId: id } })

function checkedKey(key: string): string {
  if (key === '$default') return key
  const pattern = /^\/(.+)\/$/s.exec(key)?.[1]
  if (pattern === undefined)
    bad(`Invalid integration response key ${key}: must be $default or an expression between slashes`)
  try {
    new RegExp(pattern)
  } catch (error) {
    bad(`Invalid integration response key ${key}: ${(error as Error).message}`)
  }
  return key
}
