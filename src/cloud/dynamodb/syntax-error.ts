import { createRequire } from 'node:module'
import { AwsError } from '../error.ts'

const require = createRequire(import.meta.url)
const condition = require('dynalite/db/conditionParser')
const parsers: Readonly<Record<string, { parse(text: string, options: object): unknown }>> = {
  ConditionExpression: condition,
  FilterExpression: condition,
  KeyConditionExpression: condition,
  ProjectionExpression: require('dynalite/db/projectionParser'),
  UpdateExpression: require('dynalite/db/updateParser'),
}

/** What AWS takes for one word of an expression. */
const TOKEN = /[#:]?[\w-]+|<=|>=|<>|[^\s\w]/g

/**
 * The refusal of an expression that cannot be read, in AWS's words: `token: "<EOF>", near: "#flag"`. The engine tells
 * what it expected in its place. Any other error stays as it is.
 */
export function inAwsWords(error: unknown, input: Readonly<Record<string, unknown>>): unknown {
  if (!(error instanceof AwsError)) return error
  const [, kind = ''] = /Invalid (\w+): Syntax error; Expected /.exec(error.message) ?? []
  const expression = input[kind]
  if (typeof expression !== 'string') return error
  const offset = offsetOf(kind, expression)
  if (offset === undefined) return error
  const message = `Invalid ${kind}: Syntax error; ${place(expression, offset)}`
  return new AwsError(error.code, message, error.status, error.members)
}

/** Where the engine gave up. */
function offsetOf(kind: string, expression: string): number | undefined {
  const context = { attrNames: {}, attrVals: {}, isReserved: () => false, errors: {} }
  try {
    parsers[kind]?.parse(expression, { context: { ...context, unusedAttrNames: {}, unusedAttrVals: {} } })
  } catch (error) {
    return (error as { location?: { start: { offset: number } } }).location?.start.offset
  }
  return undefined
}

/** The word at which it cannot go on, and its neighbours. */
function place(expression: string, offset: number): string {
  const tokens = [...expression.matchAll(TOKEN)].map(({ 0: text, index }) => ({
    text,
    start: index,
    end: index + text.length,
  }))
  const at = tokens.findIndex(({ end }) => end > offset)
  const last = tokens.at(-1)
  if (at < 0) return `token: "<EOF>", near: "${last?.text ?? ''}"`
  const [first, next] = [tokens[at - 1] ?? tokens[at]!, tokens[at + 1] ?? tokens[at]!]
  return `token: "${tokens[at]!.text}", near: "${expression.slice(first.start, next.end)}"`
}
