import { stripVTControlCharacters } from 'node:util'

/** The width for which reports are set where there is no terminal to fit. */
const WIDTH = 110

/** Whether a word that is longer than a line stays whole, so that JSON can be copied, or is cut, so that the line fits. */
export type LongWords = 'whole' | 'cut'

/** Breaks a text at spaces so that it fits the page, each further line indented. */
export function wrap(text: string, indent: number, width = WIDTH, longWords: LongWords = 'whole'): string {
  const room = Math.max(1, width - indent)
  const lines: string[] = []
  for (const paragraph of text.split('\n')) {
    let line = ''
    for (const word of paragraph
      .split(' ')
      .flatMap(one => (longWords === 'cut' ? piecesOf(one, room) : [one]))) {
      if (line && columnsOf(line) + 1 + columnsOf(word) > room) {
        lines.push(line)
        line = word
      } else {
        line = line ? `${line} ${word}` : word
      }
    }
    lines.push(line)
  }
  return lines.join(`\n${' '.repeat(indent)}`)
}

function piecesOf(word: string, room: number): string[] {
  if (columnsOf(word) <= room) return [word]
  const pieces = ['']
  for (const character of word) {
    if (columnsOf(pieces.at(-1) + character) > room) pieces.push('')
    pieces[pieces.length - 1] += character
  }
  return pieces
}

/** Characters that take two columns, and those that take none. */
const wide =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}/gu
const none = /\p{M}|[\u200d\ufe0f]/gu

/** How many columns of a terminal a text takes; colours take none. */
export function columnsOf(text: string): number {
  const plain = stripVTControlCharacters(text).replace(none, '')
  return [...plain].length + (plain.match(wide)?.length ?? 0)
}
