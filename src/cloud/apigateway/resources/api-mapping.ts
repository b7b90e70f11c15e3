import type { Properties } from '../../cloudformation/properties.ts'
import type { ResourceType } from '../../cloudformation/resource.ts'
import { AwsError } from '../../error.ts'
import type { Core } from '../core.ts'
import { type ApiMapping, mappingOf } from '../custom-domains.ts'
import { bad } from './found.ts'
import { apiMappingRights } from './rights.ts'

/** The longest mapping key, in characters. */
const MAX_KEY = 300

/**
 * AWS::ApiGatewayV2::ApiMapping: which stage is reached behind a path of a custom domain (facts: H17). That a domain does not mix
 * WebSocket APIs with others needs no check: there are no others here.
 */
export function apiMappingResource(core: Core): ResourceType {
  return {
    type: 'AWS::ApiGatewayV2::ApiMapping',
    rights: apiMappingRights,
    properties: { ApiId: 'update', ApiMappingKey: 'update', DomainName: 'replace', Stage: 'update' },
    attributes: ['ApiMappingId'],
    create({ properties }) {
      const apiMappingId = core.ids.resource()
      put(apiMappingId, properties)
      return physical(apiMappingId)
    },
    update({ properties }, { physicalId }) {
      put(physicalId, properties)
      return physical(physicalId)
    },
    delete({ physicalId, properties }) {
      core.domains.get(String(properties.DomainName))?.mappings.delete(physicalId)
    },
  }

  function put(apiMappingId: string, properties: Properties) {
    const domain = core.domains.get(String(properties.DomainName))
    if (!domain) throw new AwsError('NotFoundException', 'Invalid domain name identifier specified', 404)
    const mapping = mappingFrom(core, properties)
    const taken = mappingOf(domain, mapping.key)
    if (taken && taken !== domain.mappings.get(apiMappingId)) {
      throw new AwsError('ConflictException', 'ApiMapping key already exists for this domain name', 409)
    }
    domain.mappings.set(apiMappingId, mapping)
  }
}

const physical = (apiMappingId: string) => ({
  physicalId: apiMappingId,
  attributes: { ApiMappingId: apiMappingId },
})

function mappingFrom(core: Core, { ApiId, ApiMappingKey = '', Stage }: Properties): ApiMapping {
  // Measured on AWS: a key of nothing but spaces is the empty one.
  const key = String(ApiMappingKey).trim() && String(ApiMappingKey)
  checkKey(key)
  const api = core.apis.get(String(ApiId))
  if (!api) bad(`Invalid API identifier specified: ${ApiId}`)
  if (!api.stages.has(String(Stage))) bad('Invalid stage identifier specified')
  return { key, apiId: api.apiId, stage: String(Stage) }
}

/** Throws `BadRequestException`, in words measured on AWS; that a key for a WebSocket API has no slash within is the documentation's. */
function checkKey(key: string) {
  if (key.endsWith('/')) bad("API mapping key should not end with a '/'.")
  if (/^\/|\/\//.test(key)) bad("API mapping key should not start with a '/' or have consecutive '/'s.")
  if (!/^[\w$.+!*'(),-]*$/.test(key))
    bad("An API mapping key may contain only letters, numbers and one of $-_.+!*'(), characters.")
  if (key.length > MAX_KEY) bad('ApiMapping key length must be under 300 characters.')
}
