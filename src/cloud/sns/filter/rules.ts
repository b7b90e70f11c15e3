import { type JsonReader, jsonReader } from './json-reader.ts'
import { type Expression, readExpression } from './match-expression.ts'
import { equalTo, exactly, type Pattern, quoted } from './pattern.ts'
import { ruleProblem } from './rule-problem.ts'

/** One way to meet a policy: every path must have a value that meets one of its expressions. `$or` makes several. */
export type Rule = ReadonlyMap<string, Condition>

/** What is wanted of the property at one path. */
export interface Condition {
  readonly expressions: readonly Expression[]
  /** How deep the property lies: 1 at the top. It counts for the policy's complexity. */
  readonly depth: number
}

/** Names that AWS keeps for itself inside `$or`. */
const RESERVED = new Set(
  (
    'exactly equals-ignore-case prefix suffix anything-but exists wildcard numeric cidr = < <= > >= regex not-wildcard ' +
    'not-equals-ignore-case date-after date-on-or-after date-before date-on-or-before in-date-range ' +
    'ip-address-in-range ip-address-not-in-range'
  ).split(' '),
)

/** Compiles a filter policy that is known to be JSON. Throws `RuleProblem`. */
export function readRules(policy: string): readonly Rule[] {
  const reader = jsonReader(policy)
  if (reader.next() !== '{') throw ruleProblem(reader, 'Filter is not an object')
  return readObject(reader, [new Map()], [], false)
}

function readObject(
  reader: JsonReader,
  before: readonly Rule[],
  path: readonly string[],
  insideOr: boolean,
): readonly Rule[] {
  let rules = before
  let isEmpty = true
  for (let token = reader.next(); token !== '}'; token = reader.next()) {
    isEmpty = false
    const name = reader.text()
    if (name === '$or') {
      rules = readOr(reader, rules, path)
      continue
    }
    if (insideOr && RESERVED.has(name)) {
      throw ruleProblem(reader, `${name} is Ruler reserved fieldName which cannot be used inside $or.`)
    }
    const below = [...path, name]
    const value = reader.next()
    if (value === '{') rules = readObject(reader, rules, below, insideOr)
    else if (value === '[') {
      const condition = { expressions: readList(reader), depth: below.length }
      rules = rules.map(rule => new Map(rule).set(below.join('.'), condition))
    } else throw ruleProblem(reader, `"${name}" must be an object or an array`)
  }
  if (isEmpty) throw ruleProblem(reader, 'Empty objects are not allowed')
  return rules
}

function readOr(reader: JsonReader, before: readonly Rule[], path: readonly string[]): readonly Rule[] {
  if (reader.next() !== '[') throw ruleProblem(reader, 'It must be an Array followed with $or.')
  const alternatives: (readonly Rule[])[] = []
  for (let token = reader.next(); token !== ']'; token = reader.next()) {
    if (token !== '{') {
      throw ruleProblem(reader, 'Only JSON object is allowed in array of $or relationship.')
    }
    alternatives.push(readObject(reader, before, path, true))
  }
  if (alternatives.length < 2) {
    throw ruleProblem(reader, 'There must have at least 2 Objects in $or relationship.')
  }
  return alternatives.flat()
}

function readList(reader: JsonReader): readonly Expression[] {
  const expressions: Expression[] = []
  for (let token = reader.next(); token !== ']'; token = reader.next()) {
    if (token === '{') expressions.push(readExpression(reader))
    else if (token === 'string') expressions.push(value(exactly(quoted(reader.text()))))
    else if (token === 'number') expressions.push(value(equalTo(Number(reader.text()))))
    else if (token === 'true' || token === 'false' || token === 'null')
      expressions.push(value(exactly(token)))
    else throw ruleProblem(reader, 'Match value must be String, number, true, false, or null')
  }
  if (expressions.length === 0) throw ruleProblem(reader, 'Empty arrays are not allowed')
  return expressions
}

const value = (pattern: Pattern): Expression => ({ pattern })
