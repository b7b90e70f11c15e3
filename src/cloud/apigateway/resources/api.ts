import type { ResourceType } from '../../cloudformation/resource.ts'
import type { Api } from '../api.ts'
import { type Core, domainNameOf } from '../core.ts'
import { refuseWhileMapped } from '../custom-domains.ts'
import type { ApiKeySource, ApiSettings } from '../definition.ts'
import { compileSelection } from '../messages/selection-expression.ts'
import { bad } from './found.ts'
import { apiRights } from './rights.ts'

/** AWS::ApiGatewayV2::Api, of WebSocket APIs. */
export function apiResource(core: Core): ResourceType {
  return {
    type: 'AWS::ApiGatewayV2::Api',
    attributes: ['ApiEndpoint', 'ApiId'],
    lacks: ['ExecuteApiArn'],
    rights: apiRights,
    properties: {
      Name: 'update',
      ProtocolType: 'replace',
      RouteSelectionExpression: 'update',
      DisableExecuteApiEndpoint: 'update',
      ApiKeySelectionExpression: 'update',
      Description: 'update',
      // Stops validation of models while they are created, which only lets broken ones in.
      DisableSchemaValidation: 'update',
      FailOnWarnings: 'harmless',
      IpAddressType: 'update',
      Tags: 'update',
      Version: 'update',
    },
    // WebSocket APIs have no resource policies (facts: F25).
    invalid: ({ Policy }) => (Policy === undefined ? [] : ['Policy']),
    refuse: ({ ProtocolType }) =>
      ProtocolType === 'HTTP' ? ['ProtocolType HTTP is not run here: only WEBSOCKET APIs are'] : [],
    create({ properties }) {
      const api: Api = {
        apiId: core.ids.api(),
        settings: settingsFrom(properties),
        routes: new Map(),
        integrations: new Map(),
        models: new Map(),
        authorizers: new Map(),
        deployments: new Map(),
        stages: new Map(),
        revision: 0,
      }
      core.apis.set(api.apiId, api)
      return physical(api.apiId)
    },
    update({ properties }, { physicalId }) {
      const api = core.apis.get(physicalId)
      if (!api) bad(`Invalid API identifier specified ${physicalId}`)
      api.settings = settingsFrom(properties)
      api.revision++
      return physical(physicalId)
    },
    delete({ physicalId }) {
      refuseWhileMapped(core.domains, physicalId)
      core.apis.delete(physicalId)
      closeAll(core, physicalId)
    },
  }

  function physical(apiId: string) {
    const endpoint = `wss://${domainNameOf(apiId, core.account)}`
    return { physicalId: apiId, attributes: { ApiId: apiId, ApiEndpoint: endpoint } }
  }
}

/** Says goodbye to the clients of an API, or of one stage, that is no more (assumed: 1001). */
export function closeAll(core: Core, apiId: string, stage?: string): void {
  for (const connection of [...core.connections.values()]) {
    if (connection.apiId === apiId && (stage === undefined || connection.stage === stage)) {
      core.hangUp(connection, 1001, 'Going away')
    }
  }
}

function settingsFrom(properties: Readonly<Record<string, any>>): ApiSettings {
  const { Name, ProtocolType, RouteSelectionExpression, DisableExecuteApiEndpoint } = properties
  if (ProtocolType !== 'WEBSOCKET') bad('Invalid protocol specified. Must be one of [HTTP, WEBSOCKET]')
  if (!Name) bad('Name is required')
  if (!RouteSelectionExpression) bad('Route selection expression is required for WEBSOCKET protocol type')
  compileSelection(String(RouteSelectionExpression))
  return {
    name: String(Name),
    routeSelectionExpression: String(RouteSelectionExpression),
    disableExecuteApiEndpoint: isTrue(DisableExecuteApiEndpoint),
    apiKeySource: apiKeySourceFrom(properties.ApiKeySelectionExpression),
  }
}

/** Only these two there are; the words for any other are assumed (facts: F23). */
function apiKeySourceFrom(expression: unknown = '$request.header.x-api-key'): ApiKeySource {
  if (expression === '$request.header.x-api-key') return 'header'
  if (expression === '$context.authorizer.usageIdentifierKey') return 'authorizer'
  return bad(
    `Invalid API key selection expression ${expression}: must be one of [$request.header.x-api-key, $context.authorizer.usageIdentifierKey]`,
  )
}

/** Booleans also come as text from a template's parameters. */
export const isTrue = (value: unknown) => value === true || value === 'true'
