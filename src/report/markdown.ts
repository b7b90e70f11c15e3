import { posix } from 'node:path'
import { marked, type Token, type Tokens } from 'marked'
import type { Paint } from './paint.ts'
import { columnsOf, wrap } from './wrap.ts'

/**
 * A section of a page as a terminal shows it: paragraphs set to its width, code as it is, links with where they lead. `page` is
 * the page that it is from, for links are seen from there: `docs/routes.md`.
 */
export function markdownInWords(text: string, page: string, width: number, paint: Paint): string {
  return blocks(marked.lexer(text), '', { page, width, paint }).trimEnd()
}

interface Setting {
  readonly page: string
  readonly width: number
  readonly paint: Paint
}

/** Blocks, with an empty line between unless told otherwise. `indent` stands before every line. */
function blocks(tokens: readonly Token[], indent: string, setting: Setting, between = '\n'): string {
  return tokens
    .map(token => block(token, indent, setting))
    .filter(Boolean)
    .join(between)
}

function block(token: Token, indent: string, setting: Setting): string {
  const { width, paint } = setting
  const set = (text: string) => `${indent}${wrap(text, indent.length, width, 'cut')}\n`
  switch (token.type) {
    case 'space':
      return ''
    case 'heading':
      return set(paint.bold(inline(token.tokens ?? [], setting)))
    case 'code':
      return (token as Tokens.Code).text
        .split('\n')
        .map(line => `${indent}    ${paint.green(line)}`.trimEnd())
        .join('\n')
        .concat('\n')
    case 'list':
      return listed(token as Tokens.List, indent, setting)
    case 'table':
      return tableOf(token as Tokens.Table, indent, setting)
    case 'html':
      return withoutTags(token.raw) && set(paint.bold(withoutTags(token.raw)))
    case 'blockquote':
      return blocks(token.tokens ?? [], `${indent}  `, setting)
    default:
      return set('tokens' in token && token.tokens ? inline(token.tokens, setting) : oneLine(token.raw))
  }
}

/** The words of raw HTML: the question of a folded answer. Tags say nothing in a terminal. */
const withoutTags = (html: string): string => oneLine(html.replace(/<[^>]*>/g, '')).trim()

/** The items of a list, each hanging behind its mark. */
function listed({ items, ordered, start, loose }: Tokens.List, indent: string, setting: Setting): string {
  const parts = items.map((item, index) => {
    const mark = ordered ? `${Number(start || 1) + index}. ` : '- '
    const inner = blocks(item.tokens, `${indent}${' '.repeat(mark.length)}`, setting, loose ? '\n' : '')
    return `${indent}${mark}${inner.slice(indent.length + mark.length)}`
  })
  return parts.join(loose ? '\n' : '')
}

/** A table: side by side where it fits, and otherwise a row after the other, each cell under its heading. */
function tableOf({ header, rows }: Tokens.Table, indent: string, setting: Setting): string {
  const { width, paint } = setting
  const text = (cell: Tokens.TableCell) => inline(cell.tokens, setting)
  const all = [header.map(cell => paint.bold(text(cell))), ...rows.map(row => row.map(text))]
  const widths = header.map((_, column) => Math.max(...all.map(row => columnsOf(row[column] ?? ''))))
  const whole = indent.length + widths.reduce((sum, one) => sum + one + 2, -2)
  if (whole <= width) {
    const line = (row: readonly string[]) =>
      row.map((cell, column) => cell + ' '.repeat((widths[column] ?? 0) - columnsOf(cell))).join('  ')
    return all.map(row => `${indent}${line(row).trimEnd()}\n`).join('')
  }
  const [heads = [], ...others] = all
  return others
    .map(row =>
      row
        .map(
          (cell, column) =>
            `${indent}${wrap(`${heads[column]}: ${cell}`, indent.length + 2, width, 'cut')}\n`,
        )
        .join(''),
    )
    .join('\n')
}

function inline(tokens: readonly Token[], setting: Setting): string {
  const { page, paint } = setting
  return tokens
    .map(token => {
      switch (token.type) {
        case 'codespan':
          return `\`${token.text}\``
        case 'strong':
          return paint.bold(inline(token.tokens ?? [], setting))
        case 'link': {
          const text = inline(token.tokens ?? [], setting)
          return text === token.href ? text : `${text} (${leadsTo(token.href, page)})`
        }
        case 'br':
          return '\n'
        case 'escape':
          return token.text as string
        default:
          return 'tokens' in token && token.tokens ? inline(token.tokens, setting) : oneLine(token.raw)
      }
    })
    .join('')
}

/** A link of a page, as somebody in the kit's folder has to follow it. */
function leadsTo(href: string, page: string): string {
  if (/^[a-z]+:/i.test(href)) return href
  return href.startsWith('#') ? `${page}${href}` : posix.join(posix.dirname(page), href)
}

/** The source of a page is broken at 100 columns; that means nothing here. */
const oneLine = (text: string): string => text.replace(/\s*\n\s*/g, ' ')
