/** One step through a JSON text. Names and strings have their `text` only once it is asked for: until then the reader stands behind the first quote. */
export type Token = '{' | '}' | '[' | ']' | 'name' | 'string' | 'number' | 'true' | 'false' | 'null' | 'end'

/**
 * Reads JSON as Jackson does, whose locations are part of what SNS says: `line: 1, column: 22` is where its parser
 * stands when it finds fault, and that is behind a number, before a string's text, and past a name's colon.
 */
export interface JsonReader {
  /** Throws `JsonProblem` for what is no JSON. */
  next(): Token
  /** The current token's text: a name, a string's text, a number as written, a bracket. */
  text(): string
  /** Where the reader stands: `line: 1, column: 22`. */
  place(): string
}

/** A text that is not JSON, in Jackson's words without the location. */
export class JsonProblem extends Error {
  readonly place: string

  constructor(message: string, place: string) {
    super(message)
    this.name = 'JsonProblem'
    this.place = place
  }
}

const VALUES = "JSON String, Number, Array, Object or token 'null', 'true' or 'false'"
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y
const WORD = /[\p{L}\p{N}_$]+/uy

/** Starts reading. */
export function jsonReader(json: string): JsonReader {
  /** What is open, innermost last, with how many members it has so far. */
  const open: { readonly kind: '{' | '['; members: number }[] = []
  let at = 0
  let token: Token | undefined
  let text = ''
  /** A string whose text has not been read yet. */
  let unread = false
  /** The value behind a name: Jackson has looked at it by the time it hands out the name. */
  let ahead: Token | undefined
  let name: string | undefined

  return {
    next() {
      token = step()
      return token
    },
    text() {
      if (token === 'name') return name!
      if (unread) readString()
      return text
    },
    place,
  }

  function step(): Token {
    if (ahead) {
      const value = ahead
      ahead = undefined
      return value
    }
    if (unread) readString()
    const around = open.at(-1)
    skipBlanks()
    if (!around) return token === undefined ? value() : 'end'
    const close = around.kind === '{' ? '}' : ']'
    if (json[at] === close) {
      at++
      open.pop()
      text = close
      return close
    }
    if (around.members++ > 0) {
      const kind = around.kind === '{' ? 'Object' : 'Array'
      if (json[at] !== ',') throw unexpected(`was expecting comma to separate ${kind} entries`)
      at++
      skipBlanks()
    }
    return around.kind === '[' ? value() : readName()
  }

  function readName(): Token {
    if (json[at] !== '"') throw unexpected('was expecting double-quote to start field name')
    at++
    readString()
    name = text
    skipBlanks()
    if (json[at] !== ':') throw unexpected('was expecting a colon to separate field name and value')
    at++
    skipBlanks()
    ahead = value()
    return 'name'
  }

  function value(): Token {
    const char = json[at]
    if (char === '{' || char === '[') {
      open.push({ kind: char, members: 0 })
      at++
      text = char
      return char
    }
    if (char === '"') {
      at++
      unread = true
      return 'string'
    }
    const number = matchHere(NUMBER)
    if (number !== undefined) return took(number, 'number')
    const word = matchHere(WORD)
    if (word === 'true' || word === 'false' || word === 'null') return took(word, word)
    if (word === undefined) throw unexpected(`expected a valid value (${VALUES})`)
    at += word.length
    throw new JsonProblem(`Unrecognized token '${word}': was expecting (${VALUES})`, place())
  }

  function took<T extends Token>(read: string, kind: T): T {
    at += read.length
    text = read
    return kind
  }

  function readString() {
    const start = at
    while (json[at] !== '"') {
      if (at >= json.length) throw ended('was expecting closing quote for a string value')
      at += json[at] === '\\' ? 2 : 1
    }
    unread = false
    try {
      text = JSON.parse(json.slice(start - 1, ++at))
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error
      throw new JsonProblem('Illegal character or escape in a string value', place())
    }
  }

  function matchHere(pattern: RegExp): string | undefined {
    pattern.lastIndex = at
    return pattern.exec(json)?.[0]
  }

  function skipBlanks() {
    while (at < json.length && ' \t\r\n'.includes(json[at]!)) at++
  }

  function unexpected(because: string): JsonProblem {
    const char = json[at]
    if (char === undefined) return ended('expected close marker or value')
    return new JsonProblem(
      `Unexpected character ('${char}' (code ${char.charCodeAt(0)})): ${because}`,
      place(),
    )
  }

  function ended(because: string): JsonProblem {
    at = json.length
    return new JsonProblem(`Unexpected end-of-input: ${because}`, place())
  }

  function place(): string {
    const before = json.slice(0, at)
    const line = before.split('\n').length
    return `line: ${line}, column: ${at - before.lastIndexOf('\n')}`
  }
}

/**
 * Takes JSON apart. Throws `JsonProblem`, its message complete:
 * `failed to parse JSON. Unexpected character …\n at [Source: REDACTED …; line: 1, column: 2]`.
 * The words for a missing comma, a bad escape and an early end are assumed.
 */
export function parseJson(json: string): any {
  const reader = jsonReader(json)
  try {
    while (reader.next() !== 'end');
  } catch (error) {
    if (!(error instanceof JsonProblem)) throw error
    const source = '[Source: REDACTED (`StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION` disabled)'
    throw new JsonProblem(
      `failed to parse JSON. ${error.message}\n at ${source}; ${error.place}]`,
      error.place,
    )
  }
  return JSON.parse(json)
}
