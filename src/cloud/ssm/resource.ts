import type { Properties } from '../cloudformation/properties.ts'
import type { Physical, ResourceType } from '../cloudformation/resource.ts'
import { AwsError } from '../error.ts'
import { currentOf, type Parameter } from './parameter.ts'
import { parameterRights } from './rights.ts'
import type { Store } from './store.ts'

/** AWS::SSM::Parameter. */
export const parameterResource = (store: Store): ResourceType => ({
  type: 'AWS::SSM::Parameter',
  lacks: ['Arn'],
  nameProperty: 'Name',
  rights: parameterRights,
  properties: {
    AllowedPattern: 'update',
    DataType: 'update',
    Description: 'update',
    Name: 'replace',
    Tags: 'update',
    Tier: 'update',
    Type: 'update',
    Value: 'update',
  },
  attributes: ['Type', 'Value'],
  invalid: ({ Type }) =>
    Type === 'SecureString' ? ['Type SecureString: CloudFormation cannot make such a parameter'] : [],
  create({ properties, inventName }) {
    const name: string = properties.Name ?? `CFN-${inventName()}`
    if (store.find(name)) {
      throw new AwsError(
        'AlreadyExists',
        `Resource of type 'AWS::SSM::Parameter' with identifier '${name}' already exists.`,
      )
    }
    return physical(put(store, name, properties))
  },
  update: ({ properties }, { physicalId }) => physical(put(store, physicalId, properties)),
  delete({ physicalId }) {
    const parameter = store.find(physicalId)
    // Somebody may have deleted it by hand: then there is nothing left to do.
    if (parameter) store.remove(parameter)
  },
})

function put(store: Store, name: string, properties: Properties): Parameter {
  const parameter = store.put({
    name,
    value: String(properties.Value),
    type: properties.Type,
    description: properties.Description ?? '',
    allowedPattern: properties.AllowedPattern,
    dataType: properties.DataType,
    tier: properties.Tier,
    overwrite: true,
    by: 'cloudformation.amazonaws.com',
  })
  parameter.tags.clear()
  // Of this type a template writes tags as an object.
  for (const [key, value] of Object.entries(properties.Tags ?? {})) parameter.tags.set(key, String(value))
  return parameter
}

function physical(parameter: Parameter): Physical {
  const { type, value } = currentOf(parameter)
  return { physicalId: parameter.name, attributes: { Type: type, Value: value } }
}
