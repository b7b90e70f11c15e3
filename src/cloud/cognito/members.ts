import { AwsError } from '../error.ts'
import { invalid } from './errors.ts'

interface Rule {
  readonly max: number
  readonly pattern?: RegExp
  /** Cognito does not repeat what it was given. */
  readonly isSensitive?: true
}

/** What AWS's model of the service says of texts in inputs, by member: it is the same in every operation. */
const RULES: Readonly<Record<string, Rule>> = {
  AccessToken: { max: Infinity, pattern: /^[A-Za-z0-9-_=.]+$/, isSensitive: true },
  AttributeName: { max: 32 },
  AuthFlow: { max: Infinity },
  ChallengeName: { max: Infinity },
  ClientId: { max: 128, pattern: /^[\w+]+$/, isSensitive: true },
  ClientName: { max: 128, pattern: /^[\w\s+=,.@-]+$/ },
  ClientSecret: { max: 64, pattern: /^[\w+]+$/, isSensitive: true },
  Code: { max: 2048, pattern: /^\S+$/ },
  ConfirmationCode: { max: 2048, pattern: /^\S+$/ },
  Filter: { max: 256 },
  GroupName: { max: 128, pattern: /^[\p{L}\p{M}\p{S}\p{N}\p{P}]+$/u },
  NextToken: { max: 131_072, pattern: /^\S+$/ },
  PaginationToken: { max: 131_072, pattern: /^\S+$/ },
  Password: { max: 256, pattern: /^\S+$/, isSensitive: true },
  PoolName: { max: 128, pattern: /^[\w\s+=,.@-]+$/ },
  PreviousPassword: { max: 256, pattern: /^\S+$/, isSensitive: true },
  ProposedPassword: { max: 256, pattern: /^\S+$/, isSensitive: true },
  RefreshToken: { max: Infinity, pattern: /^[A-Za-z0-9-_=.]+$/, isSensitive: true },
  SecretHash: { max: 128, pattern: /^[\w+=/]+$/, isSensitive: true },
  Session: { max: 2048, isSensitive: true },
  TemporaryPassword: { max: 256, pattern: /^\S+$/, isSensitive: true },
  Token: { max: Infinity, pattern: /^[A-Za-z0-9-_=.]+$/, isSensitive: true },
  Username: { max: 128, pattern: /^[\p{L}\p{M}\p{S}\p{N}\p{P}]+$/u, isSensitive: true },
  UserPoolId: { max: 55, pattern: /^[\w-]+_[0-9a-zA-Z]+$/ },
}

const isText = (value: unknown) => typeof value === 'string'
const isNumber = (value: unknown) => typeof value === 'number'
const isListOfTexts = (value: unknown) => Array.isArray(value) && value.every(isText)
const isListOfThings = (value: unknown) =>
  Array.isArray(value) && value.every(one => one && typeof one === 'object')
const isListOfAttributes = (value: unknown) =>
  isListOfThings(value) &&
  (value as readonly any[]).every(({ Name, Value = '' }) => isText(Name) && isText(Value))
const isMapOfTexts = (value: unknown) =>
  typeof value === 'object' && !Array.isArray(value) && Object.values(value as object).every(isText)

/** What is no text. */
const SHAPES: Readonly<Record<string, (value: unknown) => boolean>> = {
  AliasAttributes: isListOfTexts,
  AttributesToGet: isListOfTexts,
  AuthParameters: isMapOfTexts,
  AutoVerifiedAttributes: isListOfTexts,
  ChallengeResponses: isMapOfTexts,
  DesiredDeliveryMediums: isListOfTexts,
  ExplicitAuthFlows: isListOfTexts,
  Limit: isNumber,
  MaxResults: isNumber,
  Precedence: isNumber,
  ReadAttributes: isListOfTexts,
  Schema: isListOfThings,
  UserAttributeNames: isListOfTexts,
  UserAttributes: isListOfAttributes,
  UsernameAttributes: isListOfTexts,
  WriteAttributes: isListOfTexts,
}

const misread = () =>
  new AwsError('SerializationException', '', 400, {
    __type: 'com.amazon.coral.service#SerializationException',
  })

/** As AWS's model writes them, where it is not as JavaScript does. */
const sourceOf = (pattern: RegExp) => pattern.source.slice(1, -1).replace(/^\\S\+$/, '[\\S]+')

/**
 * Looks at an input's members before anything else is done with it.
 *
 * @throws SerializationException for a text that is none, InvalidParameterException with everything else that is wrong, as AWS puts it.
 */
export function checkMembers(input: Readonly<Record<string, unknown>>, required: readonly string[]): void {
  for (const [member, isOne] of Object.entries(SHAPES)) {
    const value = input[member] ?? undefined
    if (value !== undefined && !isOne(value)) throw misread()
  }
  const wrong = Object.entries(RULES).flatMap(([member, rule]) => {
    const value = input[member] ?? undefined
    if (value === undefined) return required.includes(member) ? [problem(member, rule, null)] : []
    if (typeof value !== 'string') throw misread()
    const broken = constraint(value, rule)
    return broken ? [problem(member, rule, value, broken)] : []
  })
  for (const member of required.filter(one => !(one in RULES))) {
    if (input[member] === undefined || input[member] === null) wrong.push(problem(member, undefined, null))
  }
  if (wrong.length === 0) return
  throw invalid(
    `${wrong.length} validation error${wrong.length > 1 ? 's' : ''} detected: ${wrong.join('; ')}`,
  )
}

function constraint(value: string, { max, pattern }: Rule): string | undefined {
  if (value === '') return 'Member must have length greater than or equal to 1'
  if (value.length > max) return `Member must have length less than or equal to ${max}`
  if (pattern && !pattern.test(value)) {
    return `Member must satisfy regular expression pattern: ${sourceOf(pattern)}`
  }
  return undefined
}

function problem(
  member: string,
  rule: Rule | undefined,
  value: string | null,
  constraint = 'Member must not be null',
): string {
  const shown = rule?.isSensitive ? '' : value === null ? ' null' : ` '${value}'`
  const name = member.charAt(0).toLowerCase() + member.slice(1)
  return `Value${shown} at '${name}' failed to satisfy constraint: ${constraint}`
}
