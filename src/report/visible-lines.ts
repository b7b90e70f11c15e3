import { visible } from '#kit'

/** A text of several lines, in each of which what cannot be seen is made visible: no terminal takes it for a command. */
export const visibleLines = (text: string): string => text.split('\n').map(visible).join('\n')

/** What JSON leaves as it is although a terminal may act on it: deletions, C1 controls, and what turns the direction of text. */
const ACTED_ON = /[\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g

/** A document as JSON. It reads back the same, and is safe to print. */
export const printable = (document: unknown): string =>
  JSON.stringify(document, null, 2).replace(
    ACTED_ON,
    character => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
