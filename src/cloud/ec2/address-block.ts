import { AwsError } from '../error.ts'

/** A block of IPv4 addresses: its first one and how many. */
export interface AddressBlock {
  readonly first: number
  readonly size: number
}

/** Reads `10.0.0.0/16`. Throws InvalidParameterValue. */
export function readBlock(cidr: unknown): AddressBlock {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/.exec(String(cidr))
  const [a = 0, b = 0, c = 0, d = 0, bits = 0] = (match ?? []).slice(1).map(Number)
  if (!match || Math.max(a, b, c, d) > 255 || bits > 32) {
    throw new AwsError(
      'InvalidParameterValue',
      `Value (${cidr}) for parameter cidrBlock is invalid. This is not a valid CIDR block.`,
    )
  }
  const size = 2 ** (32 - bits)
  const address = a * 2 ** 24 + b * 2 ** 16 + c * 2 ** 8 + d
  return { first: address - (address % size), size }
}

/** Whether all of `inner` lies in `outer`. */
export const contains = (outer: AddressBlock, inner: AddressBlock): boolean =>
  inner.first >= outer.first && inner.first + inner.size <= outer.first + outer.size

export const overlap = (one: AddressBlock, other: AddressBlock): boolean =>
  one.first < other.first + other.size && other.first < one.first + one.size
