import { isDeepStrictEqual } from 'node:util'
import type { Expected } from './people.ts'

/** Whether a message, parsed if it is JSON, is the expected one. */
export function matches(message: unknown, expected: Expected): boolean {
  if (typeof expected === 'function') return expected(message)
  if (typeof expected === 'string') return message === expected
  return includes(message, expected)
}

/** Whether `whole` has every member of `part`, with equal values; what else it has does not matter. */
function includes(whole: unknown, part: unknown): boolean {
  if (!isObject(part) || Array.isArray(part)) return isDeepStrictEqual(whole, part)
  return isObject(whole) && Object.entries(part).every(([key, value]) => includes(whole[key], value))
}

/** A message as people read it: parsed when it is JSON, the text itself when it is not. */
export function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null
