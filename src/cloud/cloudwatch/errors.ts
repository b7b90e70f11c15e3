import { AwsError } from '../error.ts'

/**
 * A refusal under both of its names: the one that the JSON and CBOR protocols have, and the older one of the Query protocol, which the
 * newer ones bring along in a header.
 */
const refusal = (name: string, queryCode: string, message: string, status = 400) =>
  new AwsError(name, message, status, { headers: { 'x-amzn-query-error': `${queryCode};Sender` } })

/** The same refusal in the Query protocol. */
export function inQuery({ code, message, status, members }: AwsError): AwsError {
  const told = (members.headers as Record<string, string> | undefined)?.['x-amzn-query-error']
  return new AwsError(told?.split(';')[0] ?? code, message, status)
}

export const validationError = (message: string) => refusal('ValidationError', 'ValidationError', message)
export const invalidValue = (message: string) =>
  refusal('InvalidParameterValueException', 'InvalidParameterValue', message)
export const invalidCombination = (message: string) =>
  refusal('InvalidParameterCombinationException', 'InvalidParameterCombination', message)
export const missingParameter = (message: string) =>
  refusal('MissingRequiredParameterException', 'MissingParameter', message)
export const notFound = (message: string) => refusal('ResourceNotFound', 'ResourceNotFound', message, 404)
export const accessDenied = (message: string) => refusal('AccessDenied', 'AccessDenied', message, 403)
export const invalidToken = () => refusal('InvalidNextToken', 'InvalidNextToken', 'Invalid token')

/** Smithy's sentence for a member that breaks a rule of its own. */
export const constraint = (value: unknown, member: string, rule: string) =>
  validationError(
    `1 validation error detected: Value ${value === undefined ? 'null' : `'${value}'`} at '${member}' failed to satisfy constraint: ${rule}`,
  )
