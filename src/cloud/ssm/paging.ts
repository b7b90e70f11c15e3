import { AwsError } from '../error.ts'
import { invalid } from './store.ts'

/** One page of many. Throws `ValidationException`, and `InvalidNextToken` for a token that is none of ours. */
export function pageOf<T>(all: readonly T[], size: number, token: string | undefined, most: number) {
  if (!(size >= 1 && size <= most)) {
    throw invalid(
      `1 validation error detected: Value '${size}' at 'maxResults' failed to satisfy constraint: Member must have value ${size < 1 ? 'greater than or equal to 1' : `less than or equal to ${most}`}`,
    )
  }
  const from = token === undefined ? 0 : Number(Buffer.from(token, 'base64').toString())
  if (!Number.isInteger(from)) throw new AwsError('InvalidNextToken', 'The specified token is not valid.')
  const end = from + size
  const NextToken = end < all.length ? Buffer.from(String(end)).toString('base64') : undefined
  return { items: all.slice(from, end), ...(NextToken ? { NextToken } : {}) }
}
