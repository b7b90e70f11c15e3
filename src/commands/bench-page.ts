import { writeFileSync } from 'node:fs'
import { median } from '../bench/median.ts'
import { type Drawn, draw, pagesToDraw } from '../bench/page.ts'
import { openBrowser } from '../run/browser.ts'
import { type CommandLine, wholeNumber } from './usage.ts'

/** As many events as the workbench keeps. */
const EVENTS = 10_000

/** Draws the workbench's wire, full of events, beside a plain list: the first paint, and the frames while it is scrolled. */
export async function benchPage({ flags }: CommandLine): Promise<number> {
  const rounds = wholeNumber('rounds', flags.rounds ?? '5')
  const pages = await pagesToDraw(EVENTS)
  const drawn = new Map<string, Drawn[]>(Object.keys(pages).map(name => [name, []]))
  const browser = await openBrowser()
  try {
    for (let round = 1; round <= rounds; round += 1) {
      for (const [name, html] of Object.entries(pages)) {
        const one = await draw(browser, html)
        drawn.get(name)!.push(one)
        process.stderr.write(`round ${round}: ${name}: ${one.frame.toFixed(1)} ms a frame\n`)
      }
    }
  } finally {
    await browser.close()
  }
  const ms = (all: readonly Drawn[], of: keyof Drawn) => `${median(all.map(one => one[of])).toFixed(1)} ms`
  const rows = [...drawn].map(
    ([name, all]) => `| ${name} | ${ms(all, 'firstPaint')} | ${ms(all, 'frame')} | ${ms(all, 'slowFrame')} |`,
  )
  process.stdout.write(
    ['| | First paint | A frame | The slowest hundredth |', '| --- | --- | --- | --- |', ...rows, ''].join(
      '\n',
    ),
  )
  if (typeof flags.raw === 'string') writeFileSync(flags.raw, `${JSON.stringify([...drawn], null, 1)}\n`)
  return 0
}
