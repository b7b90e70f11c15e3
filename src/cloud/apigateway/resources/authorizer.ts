import type { Properties } from '../../cloudformation/properties.ts'
import type { ResourceType } from '../../cloudformation/resource.ts'
import type { Core } from '../core.ts'
import type { Authorizer } from '../definition.ts'
import { functionArn } from '../integrations/lambda-function.ts'
import { isTrue } from './api.ts'
import { apiOf, bad, checkQuota } from './found.ts'
import { authorizerRights } from './rights.ts'

/** AWS::ApiGatewayV2::Authorizer, of type REQUEST, the only one for WebSocket APIs (facts: F1, F3, F5, F11, F14). */
export function authorizerResource(core: Core): ResourceType {
  return {
    type: 'AWS::ApiGatewayV2::Authorizer',
    attributes: ['AuthorizerId'],
    rights: authorizerRights,
    properties: {
      ApiId: 'replace',
      Name: 'update',
      AuthorizerType: 'update',
      AuthorizerUri: 'update',
      AuthorizerCredentialsArn: 'update',
      IdentitySource: 'update',
      EnableSimpleResponses: 'update',
      AuthorizerPayloadFormatVersion: 'update',
      // Caching is for HTTP APIs only: a WebSocket's authorizer is asked each time.
      AuthorizerResultTtlInSeconds: 'harmless',
    },
    invalid: ({ AuthorizerType }) =>
      typeof AuthorizerType === 'string' && AuthorizerType !== 'REQUEST'
        ? [`AuthorizerType ${AuthorizerType} is not for WebSocket APIs: only REQUEST is`]
        : [],
    create({ properties }) {
      const api = apiOf(core, properties.ApiId)
      checkQuota(api.authorizers, 'Authorizers', 10)
      const authorizerId = core.ids.resource()
      api.authorizers.set(authorizerId, authorizerFrom(authorizerId, properties))
      api.revision++
      return physical(authorizerId)
    },
    update({ properties }, { physicalId }) {
      const api = apiOf(core, properties.ApiId)
      api.authorizers.set(physicalId, authorizerFrom(physicalId, properties))
      api.revision++
      return physical(physicalId)
    },
    delete({ physicalId, properties }) {
      const api = core.apis.get(String(properties.ApiId))
      if (api?.authorizers.delete(physicalId)) api.revision++
    },
  }
}

const physical = (authorizerId: string) => ({
  physicalId: authorizerId,
  attributes: { AuthorizerId: authorizerId },
})

function authorizerFrom(authorizerId: string, properties: Properties): Authorizer {
  const { AuthorizerType, AuthorizerUri, AuthorizerCredentialsArn, IdentitySource = [], Name } = properties
  if (!Name) bad('Name is required')
  if (AuthorizerType !== 'REQUEST') bad('Only REQUEST authorizers are supported for WEBSOCKET protocol type')
  if (isTrue(properties.EnableSimpleResponses)) bad('EnableSimpleResponses is only supported for HTTP APIs')
  if ((properties.AuthorizerPayloadFormatVersion ?? '1.0') !== '1.0') {
    bad('AuthorizerPayloadFormatVersion is only supported for HTTP APIs')
  }
  const uri = String(AuthorizerUri ?? '')
  if (!functionArn(uri) && !uri.includes('${stageVariables.')) bad(`Invalid Authorizer URI: ${uri}`)
  // Given as a list, or as text with commas.
  const identitySources = [IdentitySource]
    .flat()
    .flatMap(source => String(source).split(','))
    .map(source => source.trim())
  for (const source of identitySources) {
    if (!/^(route\.request\.(header|querystring)|stageVariables|context)\.\S+$/.test(source)) {
      bad(`Invalid identity source ${source}`)
    }
  }
  return {
    authorizerId,
    uri,
    credentialsArn: AuthorizerCredentialsArn && String(AuthorizerCredentialsArn),
    identitySources,
  }
}
