import { parse } from 'sugar-high/core'
import { lang, languages } from 'sugar-high/lang'

/** Tokens that get a colour. The others are plain. */
const COLOURED: ReadonlySet<string> = new Set(['keyword', 'string', 'comment', 'class', 'property', 'entity'])

/** Code as HTML: what is a keyword, a string or a comment has a class that says so. `language` is what stands at the fence. */
export function codeAsHtml(code: string, language = ''): string {
  const id = lang(language)
  const known = id === 'plaintext' ? undefined : languages.find(one => one.id === id)
  if (!known) return escaped(code)
  return parse(code, known.config)
    .lines.map(({ tokens }) =>
      joined(tokens)
        .map(({ type, value }) =>
          COLOURED.has(type) ? `<span class="code-${type}">${escaped(value)}</span>` : escaped(value),
        )
        .join(''),
    )
    .join('\n')
}

interface Token {
  readonly type: string
  readonly value: string
}

/** Neighbours of one type as one: a string is several tokens. */
function joined(tokens: readonly Token[]): Token[] {
  const all: { type: string; value: string }[] = []
  for (const { type, value } of tokens) {
    const last = all.at(-1)
    if (value === '') continue
    if (last?.type === type) last.value += value
    else all.push({ type, value })
  }
  return all
}

/** A text that is no markup. */
export const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
