import { AwsError } from '../../error.ts'
import { lacking } from '../../lack.ts'

/** Says whether an item of a document passes a filter. */
export type Filter = (item: unknown, root: unknown) => boolean

/** Gives one side of a comparison. */
type Operand = (item: unknown, root: unknown) => unknown

/** Strings, regular expressions, references such as `@.a['b'][0]`, words, numbers, signs. */
const TOKEN =
  /\s*(?:('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")|(\/(?:[^/\\]|\\.)+\/[imsu]*)|((?:@|_\$_v|\$|_\$_root)(?:\.[\w$-]+|\[\d+\]|\['[^']*'\]|\["[^"]*"\])*)|(-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)|([a-z]+)|(==|!=|<=|>=|=~|&&|\|\||[<>!()[\],]))/y

const STEP = /\.([\w$-]+)|\[(\d+)\]|\['([^']*)'\]|\["([^"]*)"\]/g

/**
 * Compiles what stands in `[?(…)]`, as Jayway's JsonPath reads it, which is what AWS runs: comparisons, `=~`, `in`, `nin`, `&&`, `||`, `!`,
 * and a bare path, which asks whether it is there. Nothing of it is ever evaluated as a script.
 * Throws `BadRequestException` for anything else.
 */
export function compileFilter(text: string): Filter {
  const tokens = tokensOf(text)
  let at = 0
  const takes = (sign: string) => tokens[at]?.text === sign && ++at > 0
  const filter = either()
  if (at < tokens.length) throw unread(text)
  return filter

  function either(): Filter {
    const parts = [both()]
    while (takes('||')) parts.push(both())
    return (item, root) => parts.some(part => part(item, root))
  }

  function both(): Filter {
    const parts = [single()]
    while (takes('&&')) parts.push(single())
    return (item, root) => parts.every(part => part(item, root))
  }

  function single(): Filter {
    if (takes('!')) {
      const denied = single()
      return (item, root) => !denied(item, root)
    }
    if (takes('(')) {
      const inner = either()
      if (!takes(')')) throw unread(text)
      return inner
    }
    return comparison()
  }

  function comparison(): Filter {
    const isPath = tokens[at]?.kind === 'path'
    const left = operand()
    const compare = COMPARISONS[tokens[at]?.text ?? '']
    if (!compare) {
      if (!isPath) throw unread(text)
      return (item, root) => left(item, root) !== undefined
    }
    at++
    const right = operand()
    return (item, root) => compare(left(item, root), right(item, root))
  }

  function operand(): Operand {
    const token = tokens[at++]
    if (token?.kind === 'path') return referenceTo(token.text)
    if (token?.kind === 'value') return () => token.value
    if (token?.text !== '[') throw unread(text)
    const items: Operand[] = []
    while (!takes(']')) {
      if (items.length > 0 && !takes(',')) throw unread(text)
      items.push(operand())
    }
    return (item, root) => items.map(one => one(item, root))
  }
}

type Token =
  | { readonly kind: 'path' | 'sign'; readonly text: string }
  | { readonly kind: 'value'; readonly text: string; readonly value: unknown }

function tokensOf(text: string): readonly Token[] {
  const tokens: Token[] = []
  const end = text.trimEnd().length
  for (let at = 0; at < end; at = TOKEN.lastIndex) {
    TOKEN.lastIndex = at
    const [, string, regex, path, number, word, sign] = TOKEN.exec(text) ?? []
    if (string !== undefined) tokens.push(literal(string.slice(1, -1).replace(/\\(.)/g, '$1')))
    else if (regex !== undefined) tokens.push(literal(expression(regex, text)))
    else if (path !== undefined) tokens.push({ kind: 'path', text: path })
    else if (number !== undefined) tokens.push(literal(Number(number)))
    else if (word === 'in' || word === 'nin') tokens.push({ kind: 'sign', text: word })
    else if (word !== undefined && word in WORDS) tokens.push(literal(WORDS[word]))
    else if (sign !== undefined) tokens.push({ kind: 'sign', text: sign })
    else throw unread(text)
  }
  return tokens
}

const WORDS: Readonly<Record<string, unknown>> = { true: true, false: false, null: null }

const literal = (value: unknown): Token => ({ kind: 'value', text: '', value })

/** `/.*REES/i`; it must fit the whole text, as Java's `matches` asks. */
function expression(regex: string, text: string): RegExp {
  const slash = regex.lastIndexOf('/')
  try {
    return new RegExp(`^(?:${regex.slice(1, slash)})$`, regex.slice(slash + 1))
  } catch {
    throw unread(text)
  }
}

/** `@` is the item, `$` the document; jsonpath-plus calls the item `_$_v`. */
function referenceTo(path: string): Operand {
  const steps = [...path.matchAll(STEP)].map(([, ...names]) => names.find(name => name !== undefined)!)
  const ofItem = path.startsWith('@') || path.startsWith('_$_v')
  return (item, root) => steps.reduce<unknown>(into, ofItem ? item : root)
}

const into = (value: unknown, step: string): unknown =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, step)
    ? (value as Record<string, unknown>)[step]
    : undefined

const isBelow = (a: unknown, b: unknown) =>
  (typeof a === 'number' && typeof b === 'number' && a < b) ||
  (typeof a === 'string' && typeof b === 'string' && a < b)

const COMPARISONS: Readonly<Record<string, (left: unknown, right: unknown) => boolean>> = {
  '==': (left, right) => left === right,
  '!=': (left, right) => left !== right,
  '<': isBelow,
  '>': (left, right) => isBelow(right, left),
  '<=': (left, right) => left === right || isBelow(left, right),
  '>=': (left, right) => left === right || isBelow(right, left),
  '=~': (left, right) => right instanceof RegExp && typeof left === 'string' && right.test(left),
  in: (left, right) => Array.isArray(right) && right.includes(left),
  nin: (left, right) => Array.isArray(right) && !right.includes(left),
}

const unread = (text: string) =>
  lacking(new AwsError('BadRequestException', `Invalid JSONPath filter ${text}: it is not run here`))
