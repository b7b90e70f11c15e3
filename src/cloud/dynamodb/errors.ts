import { AwsError } from '../error.ts'
import { lacking } from '../lack.ts'

const service = 'com.amazonaws.dynamodb.v20120810'

/** The input breaks a rule. Its `__type` is coral's, as all of DynamoDB's checks of inputs have it. */
export const invalid = (message: string) =>
  new AwsError('ValidationException', message, 400, {
    __type: 'com.amazon.coral.validate#ValidationException',
  })

/** A refusal of DynamoDB's own: `ResourceInUseException`, `TransactionCanceledException`. */
export const refusal = (code: string, message: string, members: Readonly<Record<string, unknown>> = {}) =>
  new AwsError(code, message, 400, { __type: `${service}#${code}`, ...members })

/** Something that AWS has and this cloud has not; it is refused by name, never ignored. */
export const notHere = (what: string) => lacking(invalid(`${what} is not supported by the local cloud`))
