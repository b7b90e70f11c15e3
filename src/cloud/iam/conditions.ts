import { BlockList, isIP } from 'node:net'
import { arnMatches, matches } from './pattern.ts'
import type { OneOrMany, Statement } from './policy.ts'
import { type Context, fillIn, fillInText, lookUp } from './variables.ts'

/** Whether one value of the request meets one value of the policy. `variables` is undefined where there are none. */
type Comparison = (actual: string, wanted: string, variables: Context | undefined) => boolean

const stringEquals: Comparison = (actual, wanted, variables) => actual === fillInText(wanted, variables)
const stringEqualsIgnoreCase: Comparison = (actual, wanted, variables) =>
  actual.toLowerCase() === fillInText(wanted, variables)?.toLowerCase()
const stringLike: Comparison = (actual, wanted, variables) => {
  const pattern = fillIn(wanted, variables)
  return pattern !== undefined && matches(pattern, actual)
}
const arnLike: Comparison = (actual, wanted, variables) => {
  const pattern = fillIn(wanted, variables)
  return pattern !== undefined && arnMatches(pattern, actual)
}

/** Every operator that compares, and whether it is the negation of its comparison. `Null` stands apart. */
const operators: Readonly<Record<string, { readonly compare: Comparison; readonly negated?: true }>> = {
  StringEquals: { compare: stringEquals },
  StringNotEquals: { compare: stringEquals, negated: true },
  StringEqualsIgnoreCase: { compare: stringEqualsIgnoreCase },
  StringNotEqualsIgnoreCase: { compare: stringEqualsIgnoreCase, negated: true },
  StringLike: { compare: stringLike },
  StringNotLike: { compare: stringLike, negated: true },
  NumericEquals: { compare: numbers((actual, wanted) => actual === wanted) },
  NumericNotEquals: { compare: numbers((actual, wanted) => actual === wanted), negated: true },
  NumericLessThan: { compare: numbers((actual, wanted) => actual < wanted) },
  NumericLessThanEquals: { compare: numbers((actual, wanted) => actual <= wanted) },
  NumericGreaterThan: { compare: numbers((actual, wanted) => actual > wanted) },
  NumericGreaterThanEquals: { compare: numbers((actual, wanted) => actual >= wanted) },
  DateEquals: { compare: dates((actual, wanted) => actual === wanted) },
  DateNotEquals: { compare: dates((actual, wanted) => actual === wanted), negated: true },
  DateLessThan: { compare: dates((actual, wanted) => actual < wanted) },
  DateLessThanEquals: { compare: dates((actual, wanted) => actual <= wanted) },
  DateGreaterThan: { compare: dates((actual, wanted) => actual > wanted) },
  DateGreaterThanEquals: { compare: dates((actual, wanted) => actual >= wanted) },
  Bool: { compare: (actual, wanted) => actual.toLowerCase() === wanted.toLowerCase() },
  BinaryEquals: { compare: (actual, wanted) => bytes(actual).equals(bytes(wanted)) },
  IpAddress: { compare: within },
  NotIpAddress: { compare: within, negated: true },
  // AWS gives ArnEquals wildcards too: the two are one operator with two names.
  ArnEquals: { compare: arnLike },
  ArnLike: { compare: arnLike },
  ArnNotEquals: { compare: arnLike, negated: true },
  ArnNotLike: { compare: arnLike, negated: true },
}

const OPERATOR = /^(?:(ForAllValues|ForAnyValue):)?(\w+?)(IfExists)?$/

/** Whether IAM has an operator of this name, prefix and suffix included. `Null` takes no `IfExists`. */
export function isOperator(name: string): boolean {
  const [, set, base = '', ifExists] = OPERATOR.exec(name) ?? []
  return base === 'Null' ? !set && !ifExists : Object.hasOwn(operators, base)
}

/**
 * Whether everything under `Condition` holds for a request: all operators, all keys, any one of a key's values.
 * Variables are filled in where the policy's version has them. An operator that does not exist never holds.
 */
export function holds(condition: Statement['Condition'], context: Context, hasVariables: boolean): boolean {
  return Object.entries(condition ?? {}).every(([operator, keys]) =>
    Object.entries(keys).every(([key, wanted]) =>
      compares(operator, lookUp(context, key), many(wanted), hasVariables ? context : undefined),
    ),
  )
}

function compares(
  operator: string,
  actual: OneOrMany | undefined,
  wanted: readonly string[],
  variables: Context | undefined,
): boolean {
  const [, set, base = '', ifExists] = OPERATOR.exec(operator) ?? []
  const missing = actual === undefined || (Array.isArray(actual) && actual.length === 0)
  if (base === 'Null') return wanted.some(value => (value.toLowerCase() === 'true') === missing)

  const found = Object.hasOwn(operators, base) ? operators[base] : undefined
  if (!found) return false
  const { compare, negated = false } = found
  const meets = (value: string) => wanted.some(one => compare(value, one, variables)) !== negated
  const values = missing ? [] : many(actual)

  // The set operators ask value by value, so a missing key is a question with an answer, and IfExists adds nothing.
  // An empty text is an empty set here, says the IAM guide, and everything is true of its members.
  if (set === 'ForAllValues') return actual === '' || values.every(meets)
  if (set === 'ForAnyValue') return values.some(meets)
  if (missing) return negated || ifExists !== undefined
  return negated ? values.every(meets) : values.some(meets)
}

function numbers(compare: (actual: number, wanted: number) => boolean): Comparison {
  return (actual, wanted) => isNumber(actual) && isNumber(wanted) && compare(Number(actual), Number(wanted))
}

function dates(compare: (actual: number, wanted: number) => boolean): Comparison {
  return (actual, wanted) => {
    const [left, right] = [instant(actual), instant(wanted)]
    return !Number.isNaN(left) && !Number.isNaN(right) && compare(left, right)
  }
}

/** A date is ISO 8601 or seconds since the epoch. */
const instant = (text: string) => (isNumber(text) ? Number(text) * 1000 : Date.parse(text))

const isNumber = (text: string) => text.trim() !== '' && Number.isFinite(Number(text))

const bytes = (base64: string) => Buffer.from(base64, 'base64')

function within(address: string, range: string): boolean {
  const [network = '', prefix] = range.split('/')
  const family = isIP(network)
  if (family === 0 || isIP(address) !== family) return false
  const type = family === 4 ? 'ipv4' : 'ipv6'
  const bits = prefix === undefined ? (family === 4 ? 32 : 128) : Number(prefix)
  if (!Number.isInteger(bits) || bits < 0 || bits > (family === 4 ? 32 : 128)) return false
  const list = new BlockList()
  list.addSubnet(network, bits, type)
  return list.check(address, type)
}

/** A list, however it was written; policies in templates may hold bare booleans and numbers. */
const many = (value: OneOrMany | boolean | number): readonly string[] =>
  Array.isArray(value) ? value.map(String) : [String(value)]
