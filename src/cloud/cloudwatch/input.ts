import { constraint, invalidToken } from './errors.ts'

/** An input of any of the three protocols: in Query's all values are text, and an empty list is ''. */
export type Input = Readonly<Record<string, any>>

/** A time as each protocol gives it: seconds (JSON), a Date (CBOR), ISO 8601 (Query). Milliseconds since the epoch. */
export function timeIn(input: Input, member: string): number | undefined {
  const value = input[member]
  if (value === undefined || value === null) return undefined
  const at =
    value instanceof Date ? value.getTime() : Number.isNaN(Number(value)) ? Date.parse(value) : value * 1000
  if (!Number.isFinite(at)) throw constraint(value, member, 'Member must be a timestamp')
  return at
}

/** A list, or none. */
export const listIn = (value: unknown): readonly any[] => (Array.isArray(value) ? value : [])

/** A page of a list, by a token that says where it starts. Throws InvalidNextToken. */
export function paged<T>(all: readonly T[], { NextToken, MaxRecords }: Input, most: number) {
  const start = NextToken ? Number(Buffer.from(NextToken, 'base64url').toString()) : 0
  if (!Number.isInteger(start)) throw invalidToken()
  const end = start + Math.min(Number(MaxRecords ?? most), most)
  return {
    items: all.slice(start, end),
    NextToken: end < all.length ? Buffer.from(String(end)).toString('base64url') : undefined,
  }
}
