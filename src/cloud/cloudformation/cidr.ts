import type { Intrinsic } from './intrinsic.ts'
import { TemplateProblem } from './template.ts'

/** `Fn::Cidr`: the first `count` blocks of `bits` host bits in an IPv4 block. IPv6 is refused by name. */
export const cidr: Intrinsic = (argument, place) => {
  const [block, count, bits = 8] = Array.isArray(argument) ? argument.map(place.evaluate) : []
  const match = /^(\d+)\.(\d+)\.(\d+)\.(\d+)\/(\d+)$/.exec(String(block))
  if (!match) {
    const why = String(block).includes(':')
      ? 'Fn::Cidr of an IPv6 block is not supported here'
      : `invalid block ${block}`
    throw new TemplateProblem(`Template error: ${why}`, place.path)
  }
  const [a = 0, b = 0, c = 0, d = 0, prefix = 0] = match.slice(1).map(Number)
  const size = 2 ** Number(bits)
  const room = 2 ** (32 - prefix)
  const first = a * 2 ** 24 + b * 2 ** 16 + c * 2 ** 8 + d
  if (!Number.isInteger(size) || Number(count) < 1 || Number(count) * size > room) {
    throw new TemplateProblem(
      `Template error: ${block} does not have room for ${count} subnets of ${bits} bits`,
      place.path,
    )
  }
  return Array.from({ length: Number(count) }, (_, index) => {
    const start = first - (first % room) + index * size
    const octets = [24, 16, 8, 0].map(shift => Math.floor(start / 2 ** shift) % 256)
    return `${octets.join('.')}/${32 - Number(bits)}`
  })
}
