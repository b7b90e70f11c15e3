import { proseOfCode } from './code.ts'
import { blank, hide } from './mask.ts'

/** Takes the prose out of a page: no code, no addresses, no tags. Comments in its TypeScript are prose. */
export const proseOfMarkdown = (page: string): string =>
  page
    .replace(
      /^([^\S\n]*)(```|~~~)([^\n]*)\n([\s\S]*?)^\1\2[^\S\n]*$/gm,
      (block, _indent, _fence, language, code) => {
        const head = block.slice(0, block.indexOf('\n') + 1)
        const tail = block.slice(head.length + code.length)
        const inside = /^(ts|js|typescript|javascript)\b/.test(language)
          ? proseOfCode(code).comments
          : hide(code)
        return hide(head) + inside + hide(tail)
      },
    )
    .replace(/`[^`\n]*`/g, hide)
    .replace(/<!--[\s\S]*?-->|<[^>\n]*>/g, hide)
    .replace(/\]\([^)\n]*\)/g, hide)
    .replace(/^[^\S\n]*>/gm, blank)
    .replace(/[*_]+(?=\w)|(?<=\w[.,:;]?)[*_]+/g, blank)
