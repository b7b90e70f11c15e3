import { writeFileSync } from 'node:fs'
import { type Drawn, draw } from '../bench/drawing.ts'
import { median } from '../bench/median.ts'
import { type ServedPage, servePages } from '../bench/served-page.ts'
import { openBrowser } from '../run/browser.ts'
import { type CommandLine, wholeNumber } from './usage.ts'

/** As many events as the workbench keeps. */
const EVENTS = 10_000

const measures: Readonly<Record<keyof Drawn, string>> = {
  firstPaint: 'First paint',
  frame: 'A frame',
  slowFrame: 'The slowest hundredth',
}

/**
 * Draws the workbench's wire, full of events and while they come, beside an empty page and a plain list: the first paint, and the frames.
 * The exit code is 1 when a budget is exceeded.
 */
export async function benchWorkbench({ flags }: CommandLine): Promise<number> {
  const rounds = wholeNumber('rounds', flags.rounds ?? '5')
  const served = await servePages(EVENTS)
  const drawn = new Map<ServedPage, Drawn[]>(served.pages.map(page => [page, []]))
  const browser = await openBrowser()
  try {
    for (let round = 1; round <= rounds; round += 1) {
      for (const [page, all] of drawn) {
        const one = await draw(browser, page.address, EVENTS)
        all.push(one)
        process.stderr.write(`round ${round}: ${page.name}: ${one.frame.toFixed(1)} ms a frame\n`)
      }
    }
  } finally {
    await browser.close()
    await served.close()
  }
  const results = [...drawn].map(([page, all]) => ({ ...page, ...medians(all) }))
  process.stdout.write(`${tableOf(results)}\n`)
  if (typeof flags.raw === 'string') writeFileSync(flags.raw, `${JSON.stringify([...drawn], null, 1)}\n`)
  const exceeded = overBudget(results)
  process.stdout.write(exceeded.length === 0 ? 'Every budget is kept.\n' : `${exceeded.join('\n')}\n`)
  return exceeded.length === 0 ? 0 : 1
}

type Result = Drawn & ServedPage

const medians = (all: readonly Drawn[]): Drawn => {
  const of = (measure: keyof Drawn) => median(all.map(one => one[measure]))
  return { firstPaint: of('firstPaint'), frame: of('frame'), slowFrame: of('slowFrame') }
}

function tableOf(results: readonly Result[]): string {
  const row = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  const ms = (result: Result) =>
    Object.keys(measures).map(name => `${result[name as keyof Drawn].toFixed(1)} ms`)
  return [
    row(['', ...Object.values(measures)]),
    '| --- | --- | --- | --- |',
    ...results.map(result => row([result.name, ...ms(result)])),
  ].join('\n')
}

/**
 * Each budget that is exceeded, in words. What a plain list takes on this machine is no fault of the page: a budget is for the workbench,
 * and not for the machine.
 */
function overBudget(results: readonly Result[]): string[] {
  const [, plain] = results
  return results.flatMap(({ name, budget, ...took }) =>
    (Object.keys(budget ?? {}) as (keyof Drawn)[])
      .filter(measure => took[measure] > Math.max(budget![measure], plain?.[measure] ?? 0))
      .map(
        measure =>
          `Over budget: ${name}, ${measures[measure].toLowerCase()} of ${took[measure].toFixed(1)} ms (${budget![measure]} ms).`,
      ),
  )
}
