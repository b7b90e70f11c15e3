import { BlockList, isIP } from 'node:net'

/** An EventBridge pattern, read: says whether a JSON object matches it. */
export type Matches = (event: unknown) => boolean

type Test = (value: unknown) => boolean

/**
 * Reads a pattern such as `{"body":{"kind":["order",{"prefix":"re"}],"total":[{"numeric":[">",100]}]}}`: every key
 * must match, by any one of its values. `$or` takes one of several objects instead. Of an array in the event one
 * element is enough. Throws `SyntaxError` for what is no pattern; its message is ours, for AWS does not say why.
 */
export function readPattern(text: string): Matches {
  const pattern: unknown = JSON.parse(text)
  if (!isObject(pattern) || Object.keys(pattern).length === 0)
    throw new SyntaxError('A pattern is an object with at least one key.')
  return readObject(pattern)
}

function readObject(pattern: Readonly<Record<string, unknown>>): Matches {
  const tests = Object.entries(pattern).map(([key, rule]) => {
    if (key === '$or' && isAlternatives(rule)) {
      const alternatives = rule.map(readObject)
      return (event: unknown) => alternatives.some(matches => matches(event))
    }
    const test = Array.isArray(rule) ? readRules(rule) : isObject(rule) ? inside(readObject(rule)) : undefined
    if (!test) throw new SyntaxError(`"${key}" must be an object or an array`)
    return (event: unknown) => test(isObject(event) && Object.hasOwn(event, key) ? event[key] : undefined)
  })
  return event => tests.every(test => test(event))
}

/** One element of an array must match by itself. What is no object has no keys: `exists: false` is true of it. */
const inside =
  (matches: Matches): Test =>
  value =>
    Array.isArray(value) ? value.some(inside(matches)) : matches(value)

function readRules(rules: readonly unknown[]): Test {
  if (rules.length === 0) throw new SyntaxError('Empty arrays are not allowed')
  const tests = rules.map(rule => (isObject(rule) ? readOperator(rule) : equals(rule)))
  return value => tests.some(test => test(value))
}

/** A rule for single values: of an array one element is enough. */
const anyOf =
  (test: Test): Test =>
  value =>
    Array.isArray(value) ? value.some(anyOf(test)) : test(value)

function equals(wanted: unknown): Test {
  if (Array.isArray(wanted)) throw new SyntaxError('Match value must be String, number, true, false, or null')
  return anyOf(value => value === wanted)
}

function readOperator(rule: Readonly<Record<string, unknown>>): Test {
  const [[name, operand] = ['', undefined], ...others] = Object.entries(rule)
  if (others.length > 0) throw new SyntaxError('Only one key allowed in match expression')
  if (name === 'exists') {
    if (typeof operand !== 'boolean')
      throw new SyntaxError('exists match pattern must be either true or false.')
    // Only what ends a path exists in this sense: an object does not.
    return value => (value !== undefined && !isObject(value)) === operand
  }
  if (name === 'anything-but') return anythingBut(operand)
  if (name === 'numeric') return anyOf(readNumeric(operand))
  if (name === 'cidr') return anyOf(readCidr(operand))
  return anyOf(readTextRule(name, operand))
}

/** Rules for text alone; `prefix` and `suffix` may themselves say `equals-ignore-case`. */
function readTextRule(name: string, operand: unknown): Test {
  const ignoresCase = (name === 'prefix' || name === 'suffix') && isObject(operand)
  const text = ignoresCase ? operand['equals-ignore-case'] : operand
  if (typeof text !== 'string') throw new SyntaxError(`${name} match pattern must be a string`)
  const compare = textRules[name as keyof typeof textRules]
  if (!compare || !Object.hasOwn(textRules, name)) throw new SyntaxError(`Unrecognized match type ${name}`)
  if (ignoresCase)
    return value => typeof value === 'string' && compare(value.toLowerCase(), text.toLowerCase())
  return value => typeof value === 'string' && compare(value, text)
}

const textRules = {
  prefix: (value: string, text: string) => value.startsWith(text),
  suffix: (value: string, text: string) => value.endsWith(text),
  'equals-ignore-case': (value: string, text: string) => value.toLowerCase() === text.toLowerCase(),
  wildcard: (value: string, text: string) =>
    new RegExp(`^${text.split('*').map(escaped).join('[^]*')}$`).test(value),
}

/** Everything but one value, any of several, or what a text rule says. A key that is missing is not anything. */
function anythingBut(operand: unknown): Test {
  const operands = Array.isArray(operand) ? operand : [operand]
  if (operands.length === 0) throw new SyntaxError('Empty arrays are not allowed')
  const refused = operands.flatMap(one => {
    if (typeof one === 'string' || typeof one === 'number') return [(value: unknown) => value === one]
    if (Array.isArray(operand) || !isObject(one))
      throw new SyntaxError('Value of anything-but must be an array or single string/number value.')
    return Object.entries(one).flatMap(([name, texts]) =>
      [texts].flat().map(text => readTextRule(name, text)),
    )
  })
  return anyOf(value => value !== undefined && !refused.some(test => test(value)))
}

/** `["=", 5]`, `[">", 0]`, `[">=", 0, "<", 5]`. */
function readNumeric(operand: unknown): Test {
  const terms = Array.isArray(operand) ? operand : []
  if (terms.length === 0 || terms.length % 2 !== 0 || terms.length > 4)
    throw new SyntaxError('Value of numeric must be an array.')
  const [first, bottom, second, top] = terms
  if (terms.length === 4 && !(/^>/.test(first) && /^</.test(second) && bottom < top))
    throw new SyntaxError('Bad numeric range operator')
  const tests = [0, 2].slice(0, terms.length / 2).map(at => compareTo(terms[at], terms[at + 1]))
  return value => typeof value === 'number' && tests.every(test => test(value))
}

function compareTo(operator: unknown, bound: unknown): (value: number) => boolean {
  if (typeof bound !== 'number') throw new SyntaxError(`Value of ${operator} must be numeric`)
  if (operator === '=') return value => value === bound
  if (operator === '<') return value => value < bound
  if (operator === '<=') return value => value <= bound
  if (operator === '>') return value => value > bound
  if (operator === '>=') return value => value >= bound
  throw new SyntaxError(`Unrecognized numeric range operator: ${operator}`)
}

function readCidr(operand: unknown): Test {
  const [address = '', bits = '', ...rest] = String(operand).split('/')
  const version = isIP(address)
  if (!version || !/^\d+$/.test(bits) || Number(bits) > (version === 4 ? 32 : 128) || rest.length > 0)
    throw new SyntaxError(`Malformed CIDR: ${operand}`)
  const list = new BlockList()
  const family = (value: string) => (isIP(value) === 4 ? 'ipv4' : 'ipv6')
  list.addSubnet(address, Number(bits), family(address))
  return value => typeof value === 'string' && isIP(value) !== 0 && list.check(value, family(value))
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** `$or` is an ordinary key unless two or more objects stand behind it. */
const isAlternatives = (rule: unknown): rule is readonly Readonly<Record<string, unknown>>[] =>
  Array.isArray(rule) && rule.length > 1 && rule.every(isObject)

const escaped = (text: string) => text.replace(/[.+?^${}()|[\]\\]/g, '\\$&')
