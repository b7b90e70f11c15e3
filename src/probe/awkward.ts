import { randomBytes } from 'node:crypto'

/** How long an awkward text is, in bytes of UTF-8. */
const USUAL = 2048

/** What an awkward text is made of. */
export interface AwkwardOptions {
  /** The names of the lab's own actions: a route that is found by searching the body finds them in the text. */
  readonly actions?: readonly string[]
  /** Without the filling: the text is then some 300 bytes long, and awkward all the same. */
  readonly short?: boolean
}

/**
 * A fresh text that only a faithful copy survives. `howItChanged` says how any other copy differs from it.
 *
 * The text begins with a nonce (after blanks), so that it can be searched for. It holds blanks at both ends and in a row, both
 * cases, all quotes, backslashes, a tag, entities, percent signs, umlauts, letters in both Unicode forms, an emoji made of several
 * characters, a tab, line breaks of both kinds, and what String.replace takes for a pattern.
 */
export function awkward({ actions = [], short = false }: AwkwardOptions = {}): string {
  const named = actions.map(action => `${action} {"action":"${action}"} `).join('')
  const head = `  ${nonce()} Quotes "'\`” \\ \\n \\" <b>&</b> &lt;&amp; %41%20+ $& $1 $$ \${x} {{x}} ${named}`
  const tail = `ÄÖÜ äöüß caf\u00e9 cafe\u0301 \u00bd Ω 👩‍🚀  two\tblanks\nnext line\r\nlast Line  `
  const missing = USUAL - Buffer.byteLength(head) - Buffer.byteLength(tail)
  return head + (short ? '' : filling(missing)) + tail
}

/** Texts that are JSON, too: a number, a word of JSON, a list, a message. What is sent as a text comes back as one. */
export const textsOfJson: readonly string[] = ['42', '007', '1e3', 'true', 'null', '[]', '{"text":"no"}']

/** Words in both cases, no two alike: a part that is missing, or there twice, cannot hide among them. */
function filling(length: number): string {
  if (length <= 0) return ''
  const words = randomBytes(length).toString('base64').replace(/[+/=]/g, '')
  return `${words.replace(/(.{7})/g, '$1 ').slice(0, length - 1)} `
}

/** Kinds of names that people have and that code gets wrong. No name has a blank in it: Cognito takes none. */
const kinds: readonly ((unique: string, longest: number) => string)[] = [
  unique => `Zoë${unique}`,
  unique => `MARÍA${unique.toUpperCase()}`,
  (unique, longest) =>
    `Maximiliane-Wilhelmine-von-und-zu-Hohenfels-${'x'.repeat(longest)}`.slice(0, longest - unique.length) +
    unique,
  unique => `O'Neil-${unique}`,
  unique => `李雷${unique}`,
  unique => `a.b_c+d@${unique}`,
]

/**
 * `count` fresh names for people: valid, and awkward. The first is like `Zoë`, the second in capitals, the third as long as
 * a name may be; then come an apostrophe, letters that are not Latin, and signs.
 */
export function named(count: number, { longest = 40 }: { readonly longest?: number } = {}): string[] {
  return Array.from({ length: count }, (_, index) => kinds[index % kinds.length]!(nonce(), longest))
}

/** Eight hexadecimal digits, at least one of them a letter: a copy in capitals differs in every awkward text. */
function nonce(): string {
  return `${'abcdef'[randomBytes(1)[0]! % 6]}${randomBytes(4).toString('hex').slice(1)}`
}

/** The nonce of an awkward text; undefined for any other. */
export const nonceOf = (text: string): string | undefined =>
  /^ {2}([a-f][0-9a-f]{7}) Quotes "/.exec(text)?.[1]
