import { randomUUID } from 'node:crypto'
import type { ResourceType } from './resource.ts'
import { askNobody } from './rights.ts'

/** Resource types that only have to be there: nothing behaves differently for them. */
export const inertTypes: readonly ResourceType[] = [
  // CDK 1 wrote `Modules`.
  inert('AWS::CDK::Metadata', ['Analytics', 'Modules']),
  // Of use only to a WaitCondition, which is another type. CDK puts one where a stack would be empty.
  inert('AWS::CloudFormation::WaitConditionHandle', [], ['Id']),
]

function inert(type: string, properties: readonly string[], lacks: readonly string[] = []): ResourceType {
  return {
    type,
    properties: Object.fromEntries(properties.map(name => [name, 'harmless' as const])),
    attributes: [],
    lacks,
    rights: askNobody,
    create: () => ({ physicalId: randomUUID(), attributes: {} }),
  }
}
