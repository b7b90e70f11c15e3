/** Matches any run of characters, none included. */
const RUN = Symbol('*')
/** Matches exactly one character. */
const ONE = Symbol('?')

/** A pattern taken apart: single characters that must be there, and wildcards. */
export type Pattern = readonly (string | typeof RUN | typeof ONE)[]

/** Policies are few and asked often: what has been taken apart is kept. */
const known = new Map<string, Pattern>()
const MOST_KNOWN = 5000

/** A pattern from text in which `*` and `?` are wildcards. */
export function wildcards(text: string): Pattern {
  const before = known.get(text)
  if (before) return before
  const pattern = text.split('').map(unit => (unit === '*' ? RUN : unit === '?' ? ONE : unit))
  if (known.size >= MOST_KNOWN) known.clear()
  known.set(text, pattern)
  return pattern
}

/** A pattern that matches `text` alone, stars and question marks included: what a policy variable stands for. */
export const literally = (text: string): Pattern => text.split('')

/** Whether `text` as a whole matches. Takes at most pattern × text steps, whatever the pattern. */
export function matches(pattern: Pattern, text: string): boolean {
  let at = 0
  let place = 0
  let lastRun = -1
  let runEnds = 0

  while (at < text.length) {
    const part = pattern[place]
    if (part === RUN) {
      lastRun = place++
      runEnds = at
    } else if (part === ONE) {
      place++
      at += text.codePointAt(at)! > 0xffff ? 2 : 1
    } else if (part === text[at]) {
      place++
      at++
    } else if (lastRun >= 0) {
      // Let the last star swallow one character more and try again from there.
      place = lastRun + 1
      at = ++runEnds
    } else {
      return false
    }
  }
  while (pattern[place] === RUN) place++
  return place === pattern.length
}

/** Whether an action such as `dynamodb:PutItem` matches `dynamodb:Put*`; IAM does not look at case in actions. */
export const actionMatches = (pattern: string, action: string) =>
  pattern === '*' || matches(wildcards(pattern.toLowerCase()), action.toLowerCase())

/**
 * Whether an ARN matches as the Arn operators compare: each of the six parts for itself, so that a `*` does not
 * reach past a colon, except in the last part, whose colons are its own. What is not an ARN matches nothing.
 */
export function arnMatches(pattern: Pattern, arn: string): boolean {
  const wanted = sixParts(pattern)
  const parts = sixParts(literally(arn))
  if (!wanted || !parts) return false
  return wanted.every((part, place) => matches(part, parts[place]!.map(String).join('')))
}

function sixParts(pattern: Pattern): Pattern[] | undefined {
  const parts: Pattern[] = []
  let rest = pattern
  for (let part = 0; part < 5; part++) {
    const colon = rest.indexOf(':')
    if (colon < 0) return undefined
    parts.push(rest.slice(0, colon))
    rest = rest.slice(colon + 1)
  }
  return [...parts, rest]
}
