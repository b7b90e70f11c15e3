/** Chance that can be repeated. */
export interface Dice {
  /** A whole number from 0, less than `end`. */
  below(end: number): number
  pick<T>(from: readonly T[]): T
  /** Up to `most` bytes, one at least. */
  bytes(most: number): Buffer
  /** Up to `most` letters, one at least. */
  text(most: number): string
}

/** The dice of a seed (mulberry32, which is in the public domain). */
export function dice(seed: number): Dice {
  let state = seed + 1
  const below = (end: number) => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * end)
  }
  const many = <T>(most: number, one: () => T) => Array.from({ length: 1 + below(most) }, one)
  return {
    below,
    pick: from => from[below(from.length)]!,
    bytes: most => Buffer.from(many(most, () => below(256))),
    text: most => many(most, () => String.fromCharCode(97 + below(26))).join(''),
  }
}
