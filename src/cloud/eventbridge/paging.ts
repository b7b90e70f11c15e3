import { invalid } from './errors.ts'

/** One page of many. Throws `ValidationException`. */
export function pageOf<T>(
  all: readonly T[],
  { Limit = 100, NextToken }: { readonly Limit?: number; readonly NextToken?: string },
): { readonly items: readonly T[]; readonly NextToken?: string } {
  if (!(Limit >= 1 && Limit <= 100)) {
    throw invalid(
      `1 validation error detected: Value '${Limit}' at 'limit' failed to satisfy constraint: Member must have value ${Limit < 1 ? 'greater than or equal to 1' : 'less than or equal to 100'}`,
    )
  }
  const from = NextToken === undefined ? 0 : Number(Buffer.from(NextToken, 'base64').toString())
  if (!Number.isInteger(from)) throw invalid('NextToken is not valid.')
  const end = from + Limit
  const next = end < all.length ? Buffer.from(String(end)).toString('base64') : undefined
  return { items: all.slice(from, end), ...(next ? { NextToken: next } : {}) }
}
