import { AwsError } from '../error.ts'
import { type Matches, unsupported } from './matches.ts'

type Test = (document: unknown) => boolean

/**
 * Reads a JSON filter pattern: `{ $.level = "ERROR" && ($.ms > 100 || $.tags[0] = a*) }`. Comparisons, `&&`, `||`,
 * brackets, `*` in strings, IS NULL, IS TRUE, IS FALSE and NOT EXISTS. A message that is not JSON matches nothing.
 */
export function jsonPattern(pattern: string): Matches {
  const tokens = pattern.match(
    /"(?:[^"\\]|\\.)*"|%[^%]*%|&&|\|\||[<>!]?=|[{}()<>]|\$(?:\.[\w@*-]+|\["[^"]+"\]|\[\d+\]|\[\*\])*|[^\s(){}=<>!&|]+/g,
  )
  let at = 0
  expect('{')
  const test = either()
  expect('}')
  if (tokens && at < tokens.length) throw invalid(pattern)

  return message => {
    if (!message.trimStart().startsWith('{')) return false
    try {
      return test(JSON.parse(message))
    } catch (error) {
      // It only looked like JSON.
      if (!(error instanceof SyntaxError)) throw error
      return false
    }
  }

  function either(): Test {
    const first = both()
    if (!take('||')) return first
    const rest = either()
    return document => first(document) || rest(document)
  }

  function both(): Test {
    const first = one()
    if (!take('&&')) return first
    const rest = both()
    return document => first(document) && rest(document)
  }

  function one(): Test {
    if (take('(')) {
      const inner = either()
      expect(')')
      return inner
    }
    const path = readPath(next())
    const operator = next()
    if (operator.toUpperCase() === 'IS') {
      const wanted = { NULL: null, TRUE: true, FALSE: false }[next().toUpperCase()]
      if (wanted === undefined) throw invalid(pattern)
      return document => path(document) === wanted
    }
    if (operator.toUpperCase() === 'NOT') {
      if (next().toUpperCase() !== 'EXISTS') throw invalid(pattern)
      return document => path(document) === undefined
    }
    const compare = comparison(operator, next())
    return document => compare(path(document))
  }

  function comparison(operator: string, wanted: string): (value: unknown) => boolean {
    if (wanted.startsWith('%')) throw unsupported('regular expressions (%…%)')
    const number = Number(wanted)
    if (operator === '<') return value => typeof value === 'number' && value < number
    if (operator === '<=') return value => typeof value === 'number' && value <= number
    if (operator === '>') return value => typeof value === 'number' && value > number
    if (operator === '>=') return value => typeof value === 'number' && value >= number
    const text = wanted.startsWith('"') ? wanted.slice(1, -1).replace(/\\(.)/g, '$1') : wanted
    const glob = new RegExp(`^${text.split('*').map(escaped).join('[^]*')}$`)
    const equal = (value: unknown) =>
      typeof value === 'number' && !wanted.startsWith('"')
        ? value === number
        : value !== undefined && glob.test(String(value))
    if (operator === '=') return equal
    if (operator === '!=') return value => value !== undefined && !equal(value)
    throw invalid(pattern)
  }

  function readPath(token: string): (document: unknown) => unknown {
    if (!token.startsWith('$')) throw invalid(pattern)
    if (token.includes('*')) throw unsupported('wildcards in paths ($.a[*])')
    const steps = [...token.matchAll(/\.([\w@-]+)|\["([^"]+)"\]|\[(\d+)\]/g)].map(
      ([, name, quoted, index]) => name ?? quoted ?? index!,
    )
    return document => steps.reduce<any>((value, step) => value?.[step], document)
  }

  function next() {
    const token = tokens?.[at++]
    if (token === undefined) throw invalid(pattern)
    return token
  }

  function take(token: string) {
    if (tokens?.[at] !== token) return false
    at++
    return true
  }

  function expect(token: string) {
    if (!take(token)) throw invalid(pattern)
  }
}

const invalid = (pattern: string) =>
  new AwsError('InvalidParameterException', `Invalid filter pattern: '${pattern}'`)

const escaped = (text: string) => text.replace(/[.+^${}()|[\]\\?]/g, '\\$&')
