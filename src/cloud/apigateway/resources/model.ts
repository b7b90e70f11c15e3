import type { Properties } from '../../cloudformation/properties.ts'
import type { ResourceType } from '../../cloudformation/resource.ts'
import { AwsError } from '../../error.ts'
import type { Core } from '../core.ts'
import { compileSchema } from '../messages/model.ts'
import { apiOf, bad } from './found.ts'
import { modelRights } from './rights.ts'

/** AWS::ApiGatewayV2::Model: what messages of a route must look like (facts: B15, B16). */
export function modelResource(core: Core): ResourceType {
  return {
    type: 'AWS::ApiGatewayV2::Model',
    attributes: ['ModelId'],
    rights: modelRights,
    properties: {
      ApiId: 'replace',
      Name: 'update',
      Schema: 'update',
      ContentType: 'update',
      Description: 'update',
    },
    create({ properties }) {
      const modelId = core.ids.resource()
      put(modelId, properties)
      return physical(modelId)
    },
    update({ properties }, { physicalId }) {
      put(physicalId, properties)
      return physical(physicalId)
    },
    delete({ physicalId, properties }) {
      const api = core.apis.get(String(properties.ApiId))
      if (api?.models.delete(physicalId)) api.revision++
    },
  }

  function put(modelId: string, { ApiId, Name, Schema }: Properties) {
    const api = apiOf(core, ApiId)
    const name = String(Name ?? '')
    if (!/^[A-Za-z0-9]{1,128}$/.test(name)) bad('Model name must be alphanumeric')
    if ([...api.models.values()].some(model => model.name === name && model.modelId !== modelId)) {
      throw new AwsError('ConflictException', `Model name already exists for this API: ${name}`, 409)
    }
    compileSchema(Schema)
    api.models.set(modelId, { modelId, name, schema: Schema })
    api.revision++
  }
}

const physical = (modelId: string) => ({ physicalId: modelId, attributes: { ModelId: modelId } })
