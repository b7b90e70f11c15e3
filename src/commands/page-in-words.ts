import { markdownInWords } from '../report/markdown.ts'
import { painter, wantsColour } from '../report/paint.ts'
import { section } from '../report/section.ts'
import { widthOf } from '../report/width.ts'
import { wrap } from '../report/wrap.ts'

/** A section of a page, for the person at the keyboard: set for the terminal, or its Markdown where there is none. */
export async function pageInWords(place: string): Promise<string> {
  const width = widthOf(process.stdout)
  const text = await section(place)
  return width === undefined
    ? text
    : markdownInWords(text, place.replace(/#.*/, ''), width, painter(wantsColour(process.stdout)))
}

/** What a command says below it, set for the terminal. */
export function fitted(text: string): string {
  const width = widthOf(process.stdout)
  return width === undefined ? text : wrap(text, 0, width)
}
