import { existsSync, readFileSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { dirname, join, relative, resolve } from 'node:path'
import GithubSlugger from 'github-slugger'
import { expect, test } from 'vitest'
import { labs } from '../labs/index.ts'
import { section } from './report/section.ts'
import { house } from './run/house.ts'

const outside = /(^|\/)(node_modules|cdk\.out|\.wslab|\.git)(\/|$)/

async function pages(): Promise<string[]> {
  const rooms = ['', 'docs', 'labs']
  const found = await Promise.all(
    rooms.map(async room =>
      (await readdir(join(house, room), { recursive: room !== '' })).map(file => join(room, String(file))),
    ),
  )
  return found.flat().filter(file => file.endsWith('.md') && !outside.test(file))
}

const read = (page: string): string => readFileSync(join(house, page), 'utf8')

/** A page without its code: what stands there is no link and no heading. */
const prose = (page: string): string =>
  read(page)
    .replace(/^(```|~~~)[\s\S]*?^\1/gm, '')
    .replace(/`[^`\n]*`/g, code => code.replace(/[[\]()#]/g, ' '))

function anchorsOf(page: string): Set<string> {
  const slugger = new GithubSlugger()
  const headings = read(page)
    .replace(/^(```|~~~)[\s\S]*?^\1/gm, '')
    .matchAll(/^#+ (.+)$/gm)
  return new Set([...headings].map(([, heading = '']) => slugger.slug(heading.replaceAll('`', ''))))
}

test('every link in every page leads to a file and an anchor that are there', async () => {
  const astray: string[] = []
  for (const page of await pages()) {
    for (const [, link = ''] of prose(page).matchAll(/\]\(([^)\s]+)\)/g)) {
      if (/^(https?|mailto):/.test(link)) continue
      const [path = '', anchor] = link.split('#')
      const target = path ? relative(house, resolve(house, dirname(page), path)) : page
      if (!existsSync(join(house, target))) astray.push(`${page}: ${link} leads to no file`)
      else if (anchor && !anchorsOf(target).has(anchor)) astray.push(`${page}: ${link} leads to no heading`)
    }
  }
  expect(astray).toEqual([])
})

test('every hint and explanation leads to a section with something in it', async () => {
  for (const lab of labs) {
    const places = [
      lab.explanation,
      ...Object.values(lab.hints).flat(),
      ...lab.criteria.flatMap(criterion => [
        criterion.hint,
        ...(criterion.diagnoses ?? []).flatMap(one => one.hint ?? []),
      ]),
    ]
    for (const place of places) expect((await section(place)).length, place).toBeGreaterThan(40)
  }
})

test('every promise that a starter breaks has three hints, and the last holds code', async () => {
  for (const lab of labs) {
    for (const id of lab.starterBreaks) {
      const ladder = lab.hints[id] ?? []
      expect(ladder, `${lab.id} ${id}`).toHaveLength(3)
      expect(await section(ladder[2] ?? ''), `${lab.id} ${id}`).toContain('```')
      for (const weaker of ladder.slice(0, 2)) expect(await section(weaker), weaker).not.toContain('```ts')
    }
  }
})

test('every lab with a fault has a debrief, with threads, places on AWS, and two questions', async () => {
  for (const lab of labs.filter(({ starterBreaks }) => starterBreaks.length > 0)) {
    const page = lab.explanation.replace(/#.*/, '').replace('-hints.md', '.md')
    const debrief = await section(`${page}#debrief`)
    expect(debrief.match(/<summary>/g), page).toHaveLength(2)
    expect(debrief.match(/github\.com\/[^)]+\/(?:issues|pull)\/\d+\)/g)?.length, page).toBeGreaterThan(2)
    expect(debrief, page).toMatch(/metric/i)
  }
})

test('every npm command that a page names exists', async () => {
  const scripts = Object.keys(JSON.parse(read('package.json')).scripts)
  const unknown: string[] = []
  for (const page of await pages()) {
    for (const [, script = ''] of read(page).matchAll(/npm run ([a-z:]+)/g)) {
      if (!scripts.includes(script)) unknown.push(`${page}: npm run ${script}`)
    }
  }
  expect(unknown).toEqual([])
})
