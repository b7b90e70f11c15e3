import { parse } from 'velocityjs'
import { AwsError } from '../../error.ts'
import { compilePath } from '../messages/json-path.ts'
import { BoundedTemplate } from './bounded-template.ts'
import { javaMethods } from './java-methods.ts'

/** What a mapping template can look at (facts: C21). */
export interface Scope {
  /** The payload as it is on the wire. */
  readonly body: string
  readonly context: object
  readonly stageVariables: Readonly<Record<string, string>>
}

/** A template ready for use. Throws when it cannot be rendered. */
export type Template = (scope: Scope) => string

/** API Gateway's quota on one mapping template, in bytes (facts: G7). */
const MAX_TEMPLATE_BYTES = 300 * 1024

/**
 * Compiles a mapping template in the Velocity template language, with `$input`, `$context`, `$stageVariables` and `$util` (facts: C21).
 * Throws `BadRequestException` for one that does not parse or is too large.
 */
export function compileTemplate(text: string): Template {
  if (Buffer.byteLength(text) > MAX_TEMPLATE_BYTES) {
    throw new AwsError('BadRequestException', 'Invalid mapping template: larger than 300 KB')
  }
  const compiled = compile(text)
  return scope =>
    new BoundedTemplate(compiled, { customMethodHandlers: javaMethods }).render({
      input: inputOf(scope.body),
      context: forgiving(scope.context),
      stageVariables: forgiving(scope.stageVariables),
      util,
    })
}

function compile(text: string) {
  try {
    return parse(text)
  } catch (error) {
    throw new AwsError('BadRequestException', `Invalid mapping template: ${(error as Error).message}`)
  }
}

function inputOf(body: string) {
  // An empty payload is an empty object, as in REST.
  const find = (path: string) => compilePath(path)(body === '' ? {} : parsed(body))
  return {
    body,
    // What is not there is empty text, quotation marks included, so that the template's JSON stays JSON.
    json: (path: string) => JSON.stringify(orEmpty(find(path))),
    path: (path: string) => find(path) ?? '',
  }
}

const orEmpty = (value: unknown) => (value === undefined ? '' : value)

/** A map in which what is missing is the empty text, as in API Gateway, and not the reference itself, as in Velocity. */
function forgiving<T extends object>(map: T): T {
  return new Proxy(map, {
    get(target, name) {
      const value =
        typeof name === 'string' && !Object.hasOwn(target, name) ? undefined : Reflect.get(target, name)
      if (typeof value === 'object' && value !== null) return forgiving(value)
      return value ?? (typeof name === 'string' ? '' : undefined)
    },
  })
}

const util = {
  escapeJavaScript: (text: unknown) =>
    String(text).replace(/["'\\/]|[^\x20-\x7e]/g, character => ESCAPES[character] ?? unicode(character)),
  parseJson: (text: unknown) => parsed(String(text)) ?? '',
  // As Java's URLEncoder: more than encodeURIComponent does.
  urlEncode: (text: unknown) =>
    encodeURIComponent(String(text))
      .replace(/[!'()~]/g, character => `%${character.charCodeAt(0).toString(16).toUpperCase()}`)
      .replaceAll('%20', '+'),
  urlDecode: (text: unknown) => decodeURIComponent(String(text).replaceAll('+', ' ')),
  base64Encode: (text: unknown) => Buffer.from(String(text)).toString('base64'),
  base64Decode: (text: unknown) => Buffer.from(String(text), 'base64').toString(),
}

const ESCAPES: Readonly<Record<string, string>> = {
  '"': '\\"',
  "'": "\\'",
  '\\': '\\\\',
  '/': '\\/',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\f': '\\f',
  '\b': '\\b',
}

const unicode = (character: string) =>
  `\\u${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`

/** JSON as a value; `undefined` for what is none (facts: B6). */
export function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
