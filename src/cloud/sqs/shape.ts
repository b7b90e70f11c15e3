import type { Operation } from '../service.ts'
import type { Input } from './access.ts'
import { malformed } from './errors.ts'

/** The operation, which refuses members that are not of their kind before it is begun; a null is as good as nothing. */
export const wellFormed = (operation: Operation<Input>): Operation<Input> => ({
  ...operation,
  run: (input, call) => operation.run(checked(input), call),
})

const texts = new Set([
  'QueueUrl',
  'QueueName',
  'QueueNamePrefix',
  'QueueOwnerAWSAccountId',
  'NextToken',
  'Label',
  'Id',
  'MessageBody',
  'MessageGroupId',
  'MessageDeduplicationId',
  'ReceiptHandle',
  'ReceiveRequestAttemptId',
  'SourceArn',
  'DestinationArn',
  'TaskHandle',
])
const lists = new Set([
  'AttributeNames',
  'MessageAttributeNames',
  'MessageSystemAttributeNames',
  'AWSAccountIds',
  'Actions',
  'TagKeys',
])
const maps = new Set(['Attributes', 'Tags', 'tags'])
const mapsOfStructures = new Set(['MessageAttributes', 'MessageSystemAttributes'])

function checked(input: Input): Input {
  const given = Object.entries(input).filter(([, value]) => value !== null)
  return Object.fromEntries(given.map(([name, value]) => [name, checkedMember(name, value)]))
}

function checkedMember(name: string, value: any): unknown {
  if (name === 'Entries') {
    if (!Array.isArray(value) || !value.every(isStructure)) throw malformed(name)
    return value.map(checked)
  }
  const fits =
    (!texts.has(name) || typeof value === 'string') &&
    (!lists.has(name) || (Array.isArray(value) && value.every(one => typeof one === 'string'))) &&
    (!maps.has(name) || (isStructure(value) && !Object.values(value).some(isNested))) &&
    (!mapsOfStructures.has(name) || (isStructure(value) && Object.values(value).every(isAttribute)))
  if (!fits) throw malformed(name)
  return value
}

const isNested = (value: unknown) => typeof value === 'object'
const isStructure = (value: unknown) => isNested(value) && value !== null && !Array.isArray(value)
/** Lists are let through, to be refused as the attribute that has them. */
const isAttribute = (value: unknown) =>
  isStructure(value) &&
  Object.values(value as object).every(one => typeof one === 'string' || Array.isArray(one))
