import { readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join, posix } from 'node:path'
import { parsePatch } from 'diff'
import { Marked } from 'marked'
import { hasFault, type Lab } from '#kit'
import { toTheSolution } from '../../fixes/to-the-solution.ts'
import { section } from '../../report/section.ts'
import { ladderFor } from '../../run/hints.ts'
import { house } from '../../run/house.ts'
import { remember, remembered } from '../../run/progress.ts'
import type { FileDiff } from '../model/diff.ts'
import { codeAsHtml, escaped } from './code.ts'
import { Refusal } from './http.ts'

/** A hint that has been given. */
export interface Hint {
  readonly place: string
  readonly html: string
}

/** The story and the task of a lab. */
export const story = async (lab: Lab): Promise<{ html: string }> => ({
  html: await page(`labs/${lab.id}/README.md`),
})

/** The hints given so far for what the last check saw, and how many there are. */
export async function hintsOf(lab: Lab): Promise<{ criterion: string; hints: Hint[]; of: number }> {
  const { criterion, places, given } = ladderFor(lab, (await remembered())[lab.id] ?? {})
  const hints = places
    .slice(0, given)
    .map(async place => ({ place, html: render(await section(place), 'docs/x.md', 2) }))
  return {
    criterion: lab.criteria.find(one => one.id === criterion)?.says ?? criterion,
    hints: await Promise.all(hints),
    of: places.length,
  }
}

/** Gives the next hint. */
export async function nextHint(lab: Lab): Promise<void> {
  const notes = (await remembered())[lab.id] ?? {}
  const { criterion, places, given } = ladderFor(lab, notes)
  if (given >= places.length) throw new Refusal('This was the last hint.')
  await remember(lab.id, { hints: { ...notes.hints, [criterion]: given + 1 } })
}

/** The starter against the solution, and the explanation: after a pass, or to somebody who wants it spoilt. */
export async function comparison(
  lab: Lab,
  spoil: boolean,
): Promise<{ diff: readonly FileDiff[]; html: string }> {
  const { passed } = (await remembered())[lab.id] ?? {}
  if (hasFault(lab) && !passed && !spoil)
    throw new Refusal('This shows the solution, and the lab has not passed yet.')
  return {
    diff: filesOf(toTheSolution(lab)),
    html: render(await section(lab.explanation), lab.explanation.split('#')[0]!, 2),
  }
}

/** A unified difference, taken apart. */
const filesOf = (difference: string): readonly FileDiff[] =>
  difference === ''
    ? []
    : parsePatch(difference).map(({ oldFileName, newFileName, hunks }) => ({
        was: oldFileName ?? '',
        is: newFileName ?? '',
        hunks: hunks.map(({ oldStart, newStart, lines }) => ({ oldStart, newStart, lines })),
      }))

/** A page of the docs, or a section of it: `docs/routes.md#hint-1`. */
export async function document(place: string): Promise<{ html: string }> {
  const [path = '', anchor] = place.split('#')
  if (!/^(docs|labs\/[\w-]+)\/[\w-]+\.md$/.test(path)) throw new Refusal(`There is no page ${path}.`, 404)
  const html = await (anchor ? section(place).then(text => render(text, path, 1)) : page(path)).catch(
    () => undefined,
  )
  if (html === undefined) throw new Refusal(`There is no page ${place}.`, 404)
  return { html }
}

const page = async (path: string): Promise<string> => render(await readFile(join(house, path), 'utf8'), path)

/**
 * Markdown of the house as HTML, under a heading of level `under`. Links to other pages stay in the workbench; links to
 * code are names only.
 */
function render(text: string, path: string, under = 0): string {
  // What stands under a heading of the page begins one level below it, wherever it stood in its own page.
  const shift = under === 0 ? 0 : under + 1 - (/^(#+) /m.exec(text)?.[1]?.length ?? 1)
  const marked = new Marked({
    gfm: true,
    renderer: {
      link({ href, tokens }) {
        const words = this.parser.parseInline(tokens)
        if (/^https?:/.test(href))
          return `<a href="${escaped(href)}" rel="noreferrer" target="_blank">${words}</a>`
        const [file = '', anchor] = href.split('#')
        const target = file ? besides(path, file) : path
        if (!target.endsWith('.md')) return `<span class="file">${words}</span>`
        return `<a href="#/read/${escaped(target)}${anchor ? `~${escaped(anchor)}` : ''}">${words}</a>`
      },
      heading({ tokens, depth }) {
        const level = Math.min(6, Math.max(1, depth + shift))
        return `<h${level}>${this.parser.parseInline(tokens)}</h${level}>`
      },
      // A picture comes with the page, so that it needs no address and no permission of its own.
      image({ href, text }) {
        const file = besides(path, href)
        if (!/^docs\/pictures\/[\w-]+\.svg$/.test(file)) return `<em>${escaped(text)}</em>`
        const svg = readFileSync(join(house, file)).toString('base64')
        return `<img alt="${escaped(text)}" src="data:image/svg+xml;base64,${svg}">`
      },
      // A table or a block of code may be wider than a small screen: people can scroll it, with keys too.
      code: ({ text, lang }) =>
        `<pre tabindex="0" data-lang="${escaped(lang ?? '')}"><code>${codeAsHtml(text, lang)}</code></pre>`,
      html: ({ text }) => escaped(text),
    },
  })
  return marked.parse(text, { async: false })
}

/** A path in a link of a page, from the top of the house. */
const besides = (page: string, link: string): string => posix.normalize(posix.join(posix.dirname(page), link))
