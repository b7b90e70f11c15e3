/** The width for which reports are set. */
const WIDTH = 110

/** Breaks a text at spaces so that it fits the page, each further line indented; a word is never cut, so JSON stays whole. */
export function wrap(text: string, indent: number, width = WIDTH): string {
  const lines: string[] = []
  for (const paragraph of text.split('\n')) {
    let line = ''
    for (const word of paragraph.split(' ')) {
      if (line && line.length + 1 + word.length > width - indent) {
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
