import { isIP } from 'node:net'
import type { JsonReader, Token } from './json-reader.ts'
import { readNumeric } from './numeric.ts'
import {
  beginningWith,
  beginningWithIgnoringCase,
  endingWith,
  endingWithIgnoringCase,
  equalTo,
  exactly,
  ignoringCase,
  inBlock,
  like,
  type Pattern,
  present,
  quoted,
} from './pattern.ts'
import { RuleProblem, ruleProblem } from './rule-problem.ts'

/** How many stars a wildcard pattern has: each costs (subscription filter policy constraints). */
export interface Expression {
  readonly pattern: Pattern
  readonly stars?: number
}

const ONE_KEY = 'Only one key allowed in match expression'

/** Reads what stands behind the brace of `{ "prefix": "auto-" }`, the closing brace included. Throws `RuleProblem`. */
export function readExpression(reader: JsonReader): Expression {
  if (reader.next() !== 'name') throw ruleProblem(reader, 'Match expression name not found')
  const operator = reader.text()
  const read = Object.hasOwn(operators, operator) ? operators[operator] : undefined
  if (!read) throw ruleProblem(reader, `Unrecognized match type ${operator}`)
  const { tooMany = ONE_KEY, ...expression } = read(reader)
  if (reader.next() !== '}') throw ruleProblem(reader, tooMany)
  return expression
}

/** What is wrong with a second key differs for operators that take numbers. */
type Read = (reader: JsonReader) => Expression & { readonly tooMany?: string }

const TOO_MANY = 'Too many elements in numeric expression'

const operators: Readonly<Record<string, Read>> = {
  exactly: reader => ({ pattern: exactly(quoted(readString(reader, 'exact'))) }),
  prefix: reader => ({ pattern: readAffix(reader, 'prefix', beginningWith, beginningWithIgnoringCase) }),
  suffix: reader => ({ pattern: readAffix(reader, 'suffix', endingWith, endingWithIgnoringCase) }),
  'equals-ignore-case': reader => ({ pattern: ignoringCase(readString(reader, 'equals-ignore-case')) }),
  wildcard: readWildcard,
  // AWS's own slip: it speaks of a prefix.
  cidr: reader => ({ pattern: readCidr(readString(reader, 'prefix')) }),
  numeric(reader) {
    if (reader.next() !== '[') throw ruleProblem(reader, 'Value of numeric must be an array.')
    return { pattern: readNumeric(reader), tooMany: TOO_MANY }
  },
  exists(reader) {
    const token = reader.next()
    if (token !== 'true' && token !== 'false') {
      throw ruleProblem(reader, 'exists match pattern must be either true or false.')
    }
    return { pattern: token === 'true' ? present : 'absent' }
  },
  'anything-but': readAnythingBut,
}

function readString(reader: JsonReader, what: string): string {
  if (reader.next() !== 'string') throw ruleProblem(reader, `${what} match pattern must be a string`)
  return reader.text()
}

type Affix = (text: string) => (actual: string) => boolean

/** `"auto-"` or `{ "equals-ignore-case": "auto-" }`. */
function readAffix(reader: JsonReader, what: 'prefix' | 'suffix', plain: Affix, ignoringIt: Affix): Pattern {
  const token = reader.next()
  if (token === '{') {
    const Name = what === 'prefix' ? 'Prefix' : 'Suffix'
    if (reader.next() !== 'name') throw ruleProblem(reader, `${Name} expression name not found`)
    if (reader.text() !== 'equals-ignore-case') {
      throw ruleProblem(reader, `Unsupported ${what} pattern: ${reader.text()}`)
    }
    const text = readString(reader, 'equals-ignore-case')
    if (reader.next() !== '}') throw ruleProblem(reader, ONE_KEY)
    return ignoringIt(text)
  }
  if (token !== 'string') throw ruleProblem(reader, `${what} match pattern must be a string`)
  return plain(reader.text())
}

function readWildcard(reader: JsonReader): Expression {
  const text = readString(reader, 'wildcard')
  const stars = text.replace(/\\[*\\]/g, '  ')
  // Positions count the quotation mark in front, as AWS's compiler does.
  const pair = stars.indexOf('**')
  if (pair >= 0) throw ruleProblem(reader, `Consecutive wildcard characters at pos ${pair + 1}`)
  const lone = stars.indexOf('\\')
  if (lone >= 0) throw ruleProblem(reader, `Invalid escape character at pos ${lone + 1}`)
  return { pattern: like(text), stars: stars.split('*').length - 1 }
}

/** Throws `RuleProblem` without a place: AWS tells none here. */
function readCidr(text: string): Pattern {
  const parts = text.split('/')
  const [network = '', mask = ''] = parts
  if (parts.length !== 2 || mask === '') throw new RuleProblem("Malformed CIDR, one '/' required")
  if (!/^[+-]?\d+$/.test(mask)) throw new RuleProblem('Malformed CIDR, mask bits must be an integer')
  const bits = Number(mask)
  if (bits < 0) throw new RuleProblem('Malformed CIDR, mask bits must not be negative')
  const family = isIP(network)
  if (family === 0) throw new RuleProblem(`Nonstandard IP address: ${network}`)
  if (family === 4 && bits > 31) throw new RuleProblem('IPv4 mask bits must be < 32')
  if (family === 6 && bits > 127) throw new RuleProblem('IPv6 mask bits must be < 128')
  return inBlock(network, bits)
}

/**
 * A value, a list of values, or `{ "prefix": … }` or `{ "wildcard": … }`. AWS's rule engine also knows `suffix` here;
 * SNS was seen to refuse it (captures of 2024), and its guide does not list it.
 */
function readAnythingBut(reader: JsonReader): Expression & { readonly tooMany?: string } {
  const token = reader.next()
  if (token !== '{') return { pattern: not(readValues(reader, token)), tooMany: TOO_MANY }
  if (reader.next() !== 'name') throw ruleProblem(reader, 'Anything-But expression name not found')
  const operator = reader.text()
  if (operator !== 'prefix' && operator !== 'wildcard') {
    throw ruleProblem(reader, `Unsupported anything-but pattern: ${operator}`)
  }
  const { pattern, ...rest } = operators[operator]!(reader)
  if (reader.text() === '') throw ruleProblem(reader, 'Null prefix/suffix not allowed')
  if (reader.next() !== '}') throw ruleProblem(reader, ONE_KEY)
  return { ...rest, pattern: not([pattern]) }
}

function readValues(reader: JsonReader, first: Token): readonly Pattern[] {
  if (first === 'string') return [exactly(quoted(reader.text()))]
  if (first === 'number') return [equalTo(Number(reader.text()))]
  if (first !== '[') {
    throw ruleProblem(reader, 'Value of anything-but must be an array or single string/number value.')
  }
  const strings: Pattern[] = []
  const numbers: Pattern[] = []
  for (let token = reader.next(); token !== ']'; token = reader.next()) {
    if (token === 'string') strings.push(exactly(quoted(reader.text())))
    else if (token === 'number') numbers.push(equalTo(Number(reader.text())))
    else throw ruleProblem(reader, 'Inside anything but list, start|null|boolean is not supported.')
  }
  if (strings.length > 0 === numbers.length > 0) {
    throw ruleProblem(
      reader,
      'Inside anything but list, either all values are number or string, mixed type is not supported',
    )
  }
  return [...strings, ...numbers]
}

const not =
  (patterns: readonly Pattern[]): Pattern =>
  value =>
    !patterns.some(one => one !== 'absent' && one(value))
