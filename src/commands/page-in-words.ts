import { markdownInWords } from '../report/markdown.ts'
import { painter, wantsColour } from '../report/paint.ts'
import { section } from '../report/section.ts'
import { widthOf } from '../report/width.ts'

/** A section of a page, for the person at the keyboard: set for the terminal, or its Markdown where there is none. */
export async function pageInWords(place: string): Promise<string> {
  const width = widthOf(process.stdout)
  const text = await section(place)
  return width === undefined ? text : markdownInWords(text, width, painter(wantsColour(process.stdout)))
}
