import { invalidParameter } from '../errors.ts'
import { JsonProblem, parseJson } from './json-reader.ts'
import { meets } from './meets.ts'
import { type Properties, propertiesOfAttributes, propertiesOfBody } from './properties.ts'
import { RuleProblem } from './rule-problem.ts'
import { type Rule, readRules } from './rules.ts'

/** What a filter policy looks at. */
export type Scope = 'MessageAttributes' | 'MessageBody'

/** What of a message a filter policy sees. */
export interface Filtered {
  readonly message: string
  /** By name; `type` is `String`, `Number`, `String.Array`, `Binary`, or one of these with a label of the sender's behind a dot. */
  readonly attributes: ReadonlyMap<string, { readonly type: string; readonly value: string }>
}

/** Whether a subscription wants a message. */
export type Filter = (message: Filtered) => boolean

/** SNS's quotas on one policy: keys at the top, combinations of values, points for wildcards, stars in one of them. */
const MAX_KEYS = 5
const MAX_COMBINATIONS = 150
const MAX_WILDCARD_POINTS = 100
const MAX_STARS = 3
/** In bytes. */
const MAX_POLICY = 256 * 1024

/**
 * Compiles a filter policy. Throws `InvalidParameter` in AWS's words; `where` stands in front of them
 * (`Attributes Reason: ` when subscribing).
 */
export function compileFilter(policy: string, scope: Scope, where: string): Filter {
  const problem = (message: string) => invalidParameter(`${where}FilterPolicy: ${message}`)
  const { keys, rules } = read(policy, problem)
  if (keys > MAX_KEYS) throw problem(`Filter policy can not have more than ${MAX_KEYS} keys`)
  if (scope === 'MessageAttributes' && rules.some(rule => [...rule.values()].some(one => one.depth > 1))) {
    throw invalidParameter(
      `${where}Filter policy scope MessageAttributes does not support nested filter policy`,
    )
  }
  if (isTooComplex(rules) || Buffer.byteLength(policy) > MAX_POLICY) {
    throw problem('Filter policy is too complex')
  }
  const paths = new Set(rules.flatMap(rule => [...rule.keys()]))
  return ({ message, attributes }) => {
    // A message without any attribute meets no policy on attributes, `exists: false` included.
    if (scope !== 'MessageBody' && attributes.size === 0) return keys === 0
    const properties: Properties | undefined =
      scope === 'MessageBody' ? propertiesOfBody(message, paths) : propertiesOfAttributes(attributes)
    return properties !== undefined && rules.some(rule => meets(rule, properties))
  }
}

function read(policy: string, problem: (message: string) => Error): { keys: number; rules: readonly Rule[] } {
  try {
    const json = parseJson(policy)
    return { keys: Object.keys(json ?? {}).length, rules: readRules(policy) }
  } catch (error) {
    if (error instanceof JsonProblem) throw problem(error.message)
    if (error instanceof RuleProblem) throw problem(error.message + sourceOf(policy, error.place))
    throw error
  }
}

/** AWS shows the policy, but not more than 500 characters of it. */
function sourceOf(policy: string, place: string | undefined): string {
  if (place === undefined) return ''
  const rest = policy.length - 500
  const shown = rest > 0 ? `"${policy.slice(0, 500)}"[truncated ${rest} chars]` : `"${policy}"`
  return `\n at [Source: (String)${shown}; ${place}]`
}

/**
 * All ways of the policy together: in each, the numbers of values multiplied, every list counted as often as it lies
 * deep. A wildcard with one star costs a point, one with more three for each star, times the wildcards of its list.
 */
function isTooComplex(rules: readonly Rule[]): boolean {
  let combinations = 0
  for (const rule of rules) {
    let product = 1
    for (const { expressions, depth } of rule.values()) product *= expressions.length * depth
    combinations += product
  }
  const lists = new Set(rules.flatMap(rule => [...rule.values()]))
  let points = 0
  for (const { expressions } of lists) {
    const stars = expressions.flatMap(({ stars = 0 }) => (stars > 0 ? [stars] : []))
    if (stars.some(one => one > MAX_STARS)) return true
    points += stars.reduce((sum, one) => sum + (one === 1 ? 1 : 3 * one), 0) * stars.length
  }
  return combinations > MAX_COMBINATIONS || points > MAX_WILDCARD_POINTS
}
