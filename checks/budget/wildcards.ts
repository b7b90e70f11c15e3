/** Whether a text matches a pattern with IAM's wildcards: `*` for any run of characters, `?` for one. */
export function matches(pattern: string, text: string): boolean {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replace(/\*+/g, '.*')
    .replace(/\?/g, '.')
  return new RegExp(`^${source}$`, 's').test(text)
}

/** The same of actions, in which IAM does not look at case. */
export const actionMatches = (pattern: string, action: string): boolean =>
  matches(pattern.toLowerCase(), action.toLowerCase())

/** A text that matches a pattern: with `word` for each star. */
export const example = (pattern: string, word: string): string =>
  pattern.replace(/\*+/g, word).replace(/\?/g, 'x')

export const hasWildcards = (text: string): boolean => /[*?]/.test(text)

/** A policy's lists may be a lone value, or absent. */
export const many = <T>(value: T | readonly T[] | undefined): readonly T[] =>
  value === undefined ? [] : Array.isArray(value) ? value : [value as T]
