import { invalid } from './errors.ts'

/** Cognito's quota on the entries of one answer. */
const MOST = 60

/**
 * A page of a list, and what to ask for the next one with.
 *
 * @throws InvalidParameterException for a limit out of range, or a token that is none.
 */
export function paged<T>(
  items: readonly T[],
  limit: number | undefined,
  token: string | undefined,
): { readonly items: readonly T[]; readonly next?: string } {
  if (limit !== undefined && limit > MOST) {
    throw invalid(
      `1 validation error detected: Value '${limit}' at 'limit' failed to satisfy constraint: Member must have value less than or equal to ${MOST}`,
    )
  }
  const start = token === undefined ? 0 : Number(Buffer.from(token, 'base64url').toString())
  if (!Number.isInteger(start) || start < 0) throw invalid('Invalid pagination token.')
  // AWS takes 0 for nothing said.
  const end = start + (limit || MOST)
  return {
    items: items.slice(start, end),
    ...(end < items.length ? { next: Buffer.from(String(end)).toString('base64url') } : {}),
  }
}
