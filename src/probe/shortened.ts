/**
 * A text cut to `most` characters for a report, in its middle: where it begins and how it ends is kept. Says how long it was.
 */
export function shortened(text: string, most: number): string {
  if (text.length <= most) return text
  const note = ` … (${text.length.toLocaleString('en')} characters) … `
  const kept = Math.max(2, most - note.length)
  const head = Math.ceil((kept * 2) / 3)
  return `${whole(text.slice(0, head))}${note}${whole(text.slice(head - kept))}`
}

/** Without the half of a surrogate pair that a cut has left at an end. */
const whole = (text: string): string => text.replace(/^[\udc00-\udfff]|[\ud800-\udbff]$/g, '')

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
const controls = /[\u0000-\u0008\u000a-\u001f\u007f]/g
/** Characters that move or hide others: C1 controls, directions, and blanks without a width, except the joiner that emoji use. */
const hidden = /[\u0080-\u009f\u061c\u200b\u200c\u200e\u200f\u2028\u2029\u202a-\u202e\u2060-\u2069\ufeff]/g

/** A text in one line that harms no terminal: `␊` for a line break, `␛` for an escape, `<U+202E>` for what cannot be seen. */
export const visible = (text: string): string =>
  text
    .replace(controls, character =>
      character === '\u007f' ? '␡' : String.fromCharCode(0x2400 + character.charCodeAt(0)),
    )
    .replace(
      hidden,
      character => `<U+${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}>`,
    )

/** How much of two texts is shown around the place where they begin to differ, in characters. */
const BEFORE = 20
const AFTER = 40

/** Two texts at the place where they begin to differ, each in one line: `…same, then "this"…`. */
export function atTheDifference(one: string, other: string): readonly [string, string] {
  let at = 0
  while (at < one.length && one[at] === other[at]) at += 1
  const excerpt = (text: string) => {
    const from = Math.max(0, at - BEFORE)
    const to = at + AFTER
    const cut = visible(whole(text.slice(from, to)))
    return `${from > 0 ? '…' : ''}${cut}${to < text.length ? '…' : ''}`
  }
  return [excerpt(one), excerpt(other)]
}
