import { invalidParameter } from './errors.ts'

/** The most that one answer lists. */
const MOST = 1000

/** One page of a list, and the token for the next one where there is more. Throws InvalidParameterValue. */
export function pageOf<T>(
  all: readonly T[],
  { MaxResults, NextToken }: Readonly<Record<string, any>>,
): { readonly items: readonly T[]; readonly NextToken?: string } {
  if (MaxResults !== undefined && !(Number.isInteger(MaxResults) && MaxResults >= 1 && MaxResults <= MOST)) {
    throw invalidParameter(
      'Value for parameter MaxResults is invalid. Reason: MaxResults must be an integer between 1 and 1000.',
    )
  }
  if (NextToken && MaxResults === undefined) {
    throw invalidParameter('MaxResults is a mandatory parameter when you provide a value for NextToken.')
  }
  const start = NextToken ? startOf(NextToken) : 0
  const end = start + (MaxResults ?? MOST)
  const items = all.slice(start, end)
  // Only who has asked for pages is told that there are more.
  const more = MaxResults !== undefined && end < all.length
  return more ? { items, NextToken: Buffer.from(`from ${end}`).toString('base64') } : { items }
}

function startOf(token: string): number {
  const start = /^from (\d+)$/.exec(Buffer.from(token, 'base64').toString())?.[1]
  if (start === undefined) throw invalidParameter('Invalid NextToken value.')
  return Number(start)
}
