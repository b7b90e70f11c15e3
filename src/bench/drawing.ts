import type { Browser, Page } from 'playwright'
import { median } from './median.ts'

/** How a page drew. Times in milliseconds. */
export interface Drawn {
  /** From the request to the first paint with content. */
  readonly firstPaint: number
  /** From one frame to the next while it was scrolled, or while events came. */
  readonly frame: number
  /** The same, of the slowest hundredth. */
  readonly slowFrame: number
}

/** How often the wheel is turned, and by how many pixels. */
const TURNS = 120
const PIXELS = 400

/** Draws a page once, in a window of a laptop's size, and scrolls through it with the wheel. Where `events` are to come, it watches them come. */
export async function draw(browser: Browser, address: string, events: number): Promise<Drawn> {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } })
  try {
    await page.addInitScript(noteFrames)
    await page.goto(address, { waitUntil: 'load' })
    await page.waitForFunction(() => performance.getEntriesByName('first-contentful-paint').length > 0)
    const firstPaint = await page.evaluate(
      () => performance.getEntriesByName('first-contentful-paint')[0]!.startTime,
    )
    if (address.includes('/live')) await page.getByText(`of ${events}`).waitFor()
    else await scroll(page)
    const seen: number[] = await page.evaluate(() => (globalThis as unknown as { seen: number[] }).seen)
    const frames = seen
      .filter(at => at > firstPaint)
      .map((at, place, all) => at - (all[place - 1] ?? at))
      .slice(1)
      .sort((a, b) => a - b)
    return {
      firstPaint,
      frame: median(frames),
      slowFrame: frames[Math.floor(frames.length * 0.99)] ?? Number.NaN,
    }
  } finally {
    await page.close()
  }
}

/** Runs in the page: notes when each frame begins. */
function noteFrames(): void {
  // The types of a browser are not those of this program.
  const browser = globalThis as any
  browser.seen = []
  const look = (now: number) => {
    browser.seen.push(now)
    browser.requestAnimationFrame(look)
  }
  browser.requestAnimationFrame(look)
}

/** Up from the end first: the wire shows the newest events. */
async function scroll(page: Page): Promise<void> {
  await page.mouse.move(700, 500)
  await page.evaluate(() => {
    ;(globalThis as any).seen = []
  })
  for (let turn = 0; turn < TURNS; turn += 1) await page.mouse.wheel(0, turn < TURNS / 2 ? -PIXELS : PIXELS)
}
