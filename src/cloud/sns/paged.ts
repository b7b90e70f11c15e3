import { invalidParameter } from './errors.ts'

/** SNS's most items of one answer. */
const PAGE = 100

/** A page of a list, by a token that says where it starts. Throws `InvalidParameter`. */
export function paged<T>(all: readonly T[], token: string | undefined) {
  const start = token === undefined ? 0 : Number(Buffer.from(token, 'base64url').toString())
  if (!Number.isInteger(start)) throw invalidParameter('NextToken')
  const end = start + PAGE
  return {
    items: all.slice(start, end),
    NextToken: end < all.length ? Buffer.from(String(end)).toString('base64url') : undefined,
  }
}
