import { AwsError } from '../error.ts'
import { constraint } from './constraints.ts'

const REGION = String.raw`([a-z]{2}((-gov)|(-iso([a-z]?)))?-[a-z]+-\d{1}`
const PREFIX = String.raw`(arn:(aws[a-zA-Z-]*)?:lambda:)?${REGION}:)?(\d{12}:)?(function:)?`
const QUALIFIED = String.raw`(:(\$LATEST|[a-zA-Z0-9-_]+))?`

/** How a function may be called when it is made, and when it is asked for. */
const NAME = `${PREFIX}([a-zA-Z0-9-_]+)${QUALIFIED}`
const ASKED = String.raw`${PREFIX}([a-zA-Z0-9-_\.]+)${QUALIFIED}`
const QUALIFIER = '(|[a-zA-Z0-9$_-]+)'
const SOURCE_ARN = String.raw`arn:(aws[a-zA-Z0-9-]*):([a-zA-Z0-9\-])+:${REGION})?:(\d{12})?:(.*)`
const VARIABLE = '[a-zA-Z]([a-zA-Z0-9_])+'

const fits = (text: string, pattern: string) => new RegExp(`^(?:${pattern})$`, 's').test(text)

/** Throws Lambda's refusal of the name of a new function. */
export function checkFunctionName(name: string): void {
  if (!fits(name, NAME)) throw mismatch(name, 'functionName', NAME)
  if (name.length > 64)
    throw constraint(name, 'functionName', 'Member must have length less than or equal to 64')
}

/** Throws Lambda's refusal of the name and qualifier in a request. */
export function checkAsked(name: string, qualifier: string | undefined): void {
  if (!fits(name, ASKED)) throw mismatch(name, 'functionName', ASKED)
  if (name.length > 170)
    throw constraint(name, 'functionName', 'Member must have length less than or equal to 170')
  if (qualifier !== undefined && !fits(qualifier, QUALIFIER))
    throw mismatch(qualifier, 'qualifier', QUALIFIER)
}

/** Throws Lambda's refusal of variables whose names are none. */
export function checkVariableNames(names: readonly string[]): void {
  if (names.every(name => fits(name, VARIABLE))) return
  throw new AwsError(
    'ValidationException',
    `1 validation error detected: Value at 'environment.variables' failed to satisfy constraint: Map keys must satisfy constraint: [Member must satisfy regular expression pattern: ${VARIABLE}]`,
  )
}

/** Throws CloudFormation's refusal of a permission's source that is no ARN. */
export function checkSourceArn(arn: unknown, logicalId: string): void {
  if (arn === undefined || fits(String(arn), SOURCE_ARN)) return
  throw new AwsError(
    'ValidationError',
    `Properties validation failed for resource ${logicalId} with message:\n[#/SourceArn: string [${arn}] does not match pattern ^${SOURCE_ARN}$]`,
  )
}

const mismatch = (value: string, member: string, pattern: string) =>
  constraint(value, member, `Member must satisfy regular expression pattern: ${pattern}`)
