import type { ErrorObject } from 'ajv'

/**
 * What a message lacks of its model, as `$context.error.validationErrorString` has it: `[object has missing required properties (["text"])]`.
 * API Gateway speaks here with the words of the JSON Schema validator that it runs; what that one has no words for is told in ours.
 */
export const validationWords = (errors: readonly ErrorObject[], message: unknown): string =>
  `[${gathered(errors)
    .map(error => phrase(error, message))
    .join(', ')}]`

/** One entry for all members that one object lacks, or has too many: the validator names them together. */
function gathered(errors: readonly ErrorObject[]): ErrorObject[] {
  const kept: ErrorObject[] = []
  for (const error of errors) {
    const name = memberOf(error)
    const same =
      name === undefined
        ? undefined
        : kept.find(
            ({ keyword, schemaPath, instancePath }) =>
              keyword === error.keyword &&
              schemaPath === error.schemaPath &&
              instancePath === error.instancePath,
          )
    if (same) same.params.members.push(name)
    else kept.push(name === undefined ? error : { ...error, params: { ...error.params, members: [name] } })
  }
  // Of a choice only that none fits is told, not why each does not.
  const choices = kept.filter(
    ({ keyword }) => keyword === 'anyOf' || keyword === 'oneOf' || keyword === 'not',
  )
  return kept.filter(
    ({ schemaPath, keyword }) =>
      !choices.some(choice => schemaPath.startsWith(`${choice.schemaPath}/`) && keyword !== choice.keyword),
  )
}

const memberOf = ({ keyword, params }: ErrorObject): string | undefined =>
  keyword === 'required'
    ? params.missingProperty
    : keyword === 'additionalProperties'
      ? params.additionalProperty
      : undefined

function phrase({ keyword, params, instancePath, message = '' }: ErrorObject, whole: unknown): string {
  const found = at(whole, instancePath)
  switch (keyword) {
    case 'required':
      return `object has missing required properties (${list(params.members)})`
    case 'additionalProperties':
      return `object instance has properties which are not allowed by the schema: ${list(params.members)}`
    case 'type':
      return `instance type (${typeOf(found)}) does not match any allowed primitive type (allowed: ${list(allowed(params.type))})`
    case 'enum':
      return `instance value (${JSON.stringify(found)}) not found in enum (possible values: ${list(params.allowedValues)})`
    case 'minLength':
      return `string "${found}" is too short (length: ${lengthOf(found)}, required minimum: ${params.limit})`
    case 'maxLength':
      return `string "${found}" is too long (length: ${lengthOf(found)}, maximum allowed: ${params.limit})`
    case 'pattern':
      return `ECMA 262 regex "${params.pattern}" does not match input string "${found}"`
    case 'minimum':
      return params.comparison === '>'
        ? `numeric instance is not strictly greater than the required minimum ${params.limit}`
        : `numeric instance is lower than the required minimum (minimum: ${params.limit}, found: ${found})`
    case 'maximum':
      return params.comparison === '<'
        ? `numeric instance is not strictly lower than the required maximum ${params.limit}`
        : `numeric instance is greater than the required maximum (maximum: ${params.limit}, found: ${found})`
    case 'minItems':
      return `array is too short: must have at least ${params.limit} elements but instance has ${lengthOf(found)} elements`
    case 'maxItems':
      return `array is too long: must have at most ${params.limit} elements but instance has ${lengthOf(found)} elements`
    case 'uniqueItems':
      return 'array must not contain duplicate elements'
    case 'minProperties':
      return `object has too few properties (found ${membersOf(found)} but schema requires at least ${params.limit})`
    case 'maxProperties':
      return `object has too many properties (found ${membersOf(found)} but schema requires at most ${params.limit})`
    case 'anyOf':
      return 'instance failed to match at least one required schema'
    case 'oneOf':
      return 'instance failed to match exactly one schema'
    case 'not':
      return 'instance matched a schema which it should not have'
    default:
      return message
  }
}

/** The value at a JSON pointer. */
const at = (whole: unknown, pointer: string): unknown =>
  pointer
    .split('/')
    .slice(1)
    .map(step => step.replaceAll('~1', '/').replaceAll('~0', '~'))
    .reduce<any>((value, step) => value?.[step], whole)

/** JSON Schema's name of what a value is. */
function typeOf(value: unknown): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'array'
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number'
  return typeof value
}

/** Where a number will do, so does an integer; the validator says so. */
function allowed(type: string | readonly string[]): string[] {
  const types = [type].flat()
  return [...new Set(types.includes('number') ? [...types, 'integer'] : types)].toSorted()
}

const list = (values: readonly unknown[]) => `[${values.map(value => JSON.stringify(value)).join(',')}]`
const lengthOf = (value: unknown) => [...(value as string | unknown[])].length
const membersOf = (value: unknown) => Object.keys(value as object).length
