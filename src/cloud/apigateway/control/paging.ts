import { AwsError } from '../../error.ts'

/** Some of a list, and where the next ones begin. */
export interface Page<T> {
  readonly items: readonly T[]
  /** Opaque to clients. Absent at the end. */
  readonly next?: string | undefined
}

/**
 * One page of a list: all of it when nobody asks for less.
 * Throws `BadRequestException` for a size or a place that is none (the words are assumed).
 */
export function pageOf<T>(all: readonly T[], size: string | undefined, place: string | undefined): Page<T> {
  const from = place === undefined ? 0 : Number(Buffer.from(place, 'base64url').toString())
  if (!Number.isInteger(from) || from < 0)
    throw new AwsError('BadRequestException', 'Invalid pagination token')
  const length = size === undefined ? all.length : Number(size)
  if (!Number.isInteger(length) || length < (size === undefined ? 0 : 1)) {
    throw new AwsError('BadRequestException', `Invalid page size ${size}`)
  }
  const end = from + length
  return {
    items: all.slice(from, end),
    next: end < all.length ? Buffer.from(String(end)).toString('base64url') : undefined,
  }
}
