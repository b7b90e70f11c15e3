import { AwsError } from '../error.ts'
import { jsonPattern } from './json-pattern.ts'
import { type Matches, unsupported } from './matches.ts'

/**
 * Reads a filter pattern: terms (all must be there), `"quoted phrases"`, `-excluded`, `?optional` (one of them must
 * be there) and JSON patterns in braces. Terms are looked for case-sensitively, anywhere in the message (assumed:
 * AWS's pages do not say whether a term may be part of a longer word).
 *
 * Throws InvalidParameterException for a pattern that AWS refuses, and for those that are not supported here, by name.
 */
export function readPattern(pattern: string): Matches {
  const text = pattern.trim()
  if (text === '') return () => true
  if (text.startsWith('{')) return jsonPattern(text)
  if (text.startsWith('[')) throw unsupported('space-delimited patterns ([…])')
  if (text.startsWith('%')) throw unsupported('regular expressions (%…%)')

  const required: string[] = []
  const optional: string[] = []
  const excluded: string[] = []
  for (const [sign, term] of terms(text)) {
    if (sign === '-') excluded.push(term)
    else if (sign === '?') optional.push(term)
    else required.push(term)
  }
  return message =>
    required.every(term => message.includes(term)) &&
    !excluded.some(term => message.includes(term)) &&
    // Beside terms that must be there, AWS takes no notice of optional ones.
    (required.length > 0 || optional.length === 0 || optional.some(term => message.includes(term)))
}

function* terms(text: string): Generator<[sign: string, term: string]> {
  const next = /\s*([-?]?)(?:"((?:[^"\\]|\\.)*)"|([^\s"]+))/y
  while (next.lastIndex < text.length) {
    const at = next.lastIndex
    const found = next.exec(text)
    if (!found) {
      throw new AwsError(
        'InvalidParameterException',
        `Invalid filter pattern: unexpected '${text.slice(at)}'`,
      )
    }
    const [, sign = '', phrase, term] = found
    if (phrase !== undefined) {
      yield [sign, phrase.replace(/\\(.)/g, '$1')]
      continue
    }
    if (!/^[\p{L}\p{N}_]+$/u.test(term!)) {
      throw new AwsError('InvalidParameterException', `Invalid character(s) in term '${term}'`)
    }
    yield [sign, term!]
  }
}
