import type { JsonReader } from './json-reader.ts'
import { equalTo, type Pattern, within } from './pattern.ts'
import { ruleProblem } from './rule-problem.ts'

type Comparison = (bound: number) => (actual: number) => boolean

const lower: ReadonlyMap<string, Comparison> = new Map([
  ['>', bound => actual => actual > bound],
  ['>=', bound => actual => actual >= bound],
])
const upper: ReadonlyMap<string, Comparison> = new Map([
  ['<', bound => actual => actual < bound],
  ['<=', bound => actual => actual <= bound],
])

/** Reads what stands behind the bracket of `{ "numeric": [">", 0, "<=", 100] }`, the closing one included. Throws `RuleProblem`. */
export function readNumeric(reader: JsonReader): Pattern {
  if (reader.next() !== 'string') {
    throw ruleProblem(reader, `Invalid member in numeric match: ${reader.text()}`)
  }
  const operator = reader.text()
  const token = reader.next()
  const known = operator === '=' || lower.has(operator) || upper.has(operator)
  if (!known) throw ruleProblem(reader, `Unrecognized numeric range operator: ${operator}`)
  if (token !== 'number') {
    throw ruleProblem(reader, `Value of ${operator === '=' ? 'equals' : operator} must be numeric`)
  }
  const bound = Number(reader.text())
  const after = reader.next()
  const from = lower.get(operator)
  if (from && after !== ']') return readTop(reader, after === 'string', from(bound), bound)
  if (after !== ']') throw ruleProblem(reader, 'Too many elements in numeric expression')
  return operator === '=' ? equalTo(bound) : within([(from ?? upper.get(operator)!)(bound)])
}

function readTop(
  reader: JsonReader,
  isOperator: boolean,
  aboveBottom: (actual: number) => boolean,
  bottom: number,
): Pattern {
  if (!isOperator) throw ruleProblem(reader, `Bad value in numeric range: ${reader.text()}`)
  const operator = reader.text()
  const below = upper.get(operator)
  if (!below) throw ruleProblem(reader, `Bad numeric range operator: ${operator}`)
  if (reader.next() !== 'number') throw ruleProblem(reader, `Value of ${operator} must be numeric`)
  const top = Number(reader.text())
  if (reader.next() !== ']') throw ruleProblem(reader, 'Too many terms in numeric range expression')
  if (bottom >= top) throw ruleProblem(reader, 'Bottom must be less than top')
  return within([aboveBottom, below(top)])
}
