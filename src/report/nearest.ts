import { closest, distance } from 'fastest-levenshtein'

/** ` Did you mean X?`, if anything is near enough to be meant. */
export function nearest(
  word: string,
  known: readonly string[],
  within = Math.max(2, word.length / 3),
): string {
  if (known.length === 0) return ''
  const best = closest(word, [...known])
  return distance(word, best) <= within ? ` Did you mean ${best}?` : ''
}
