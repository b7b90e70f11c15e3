import type { Browser } from 'playwright'
import type { CheckState, WireEvent } from '../workbench/model/protocol.ts'
import { reportPage } from '../workbench/server/report.ts'
import { median } from './median.ts'

/** How a page drew. Times in milliseconds. */
export interface Drawn {
  /** From the request to the first paint with content; NaN for a page that paints nothing. */
  readonly firstPaint: number
  /** From one frame to the next while it was scrolled. */
  readonly frame: number
  /** The same, of the slowest hundredth. */
  readonly slowFrame: number
}

/** How often the wheel is turned, and by how many pixels. */
const TURNS = 120
const PIXELS = 400

/** A page with a long list and nothing else: what the browser takes by itself on this machine. */
const PLAIN = `<!doctype html><style>div{height:100vh;overflow:auto}p{height:26px;margin:0}</style><div tabindex=0>${'<p>row</p>'.repeat(10_000)}</div>`

/** The wire with so many events, as a page that needs no server, and a plain list beside it. */
export async function pagesToDraw(events: number): Promise<Readonly<Record<string, string>>> {
  const check: CheckState = { lab: 'bench', hasFault: true, explanation: '', startedAt: 0, criteria: [], findings: [] }
  const directory = {
    region: 'us-east-1',
    accountId: '123456789012',
    names: {},
    logGroups: {},
    authorizers: [],
  }
  return {
    'a plain list of 10,000 lines': PLAIN,
    [`the wire with ${events.toLocaleString('en-US')} events`]: await reportPage({
      check,
      events: conversation(events),
      directory,
    }),
  }
}

/** Draws a page once, in a window of a laptop's size, and scrolls through it with the wheel. */
export async function draw(browser: Browser, html: string): Promise<Drawn> {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } })
  try {
    await page.route('**/*', route => route.fulfill({ body: html, contentType: 'text/html' }))
    await page.goto('http://localhost/#/wire', { waitUntil: 'load' })
    await page.mouse.move(700, 500)
    const firstPaint = await page.evaluate(
      () => performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? Number.NaN,
    )
    await page.evaluate(() => {
      // The types of a browser are not those of this program.
      const browser = globalThis as any
      browser.seen = []
      const look = (now: number) => {
        browser.seen.push(now)
        browser.requestAnimationFrame(look)
      }
      browser.requestAnimationFrame(look)
    })
    // Up from the end first: the wire shows the newest events.
    for (let turn = 0; turn < TURNS; turn += 1) await page.mouse.wheel(0, turn < TURNS / 2 ? -PIXELS : PIXELS)
    const seen: number[] = await page.evaluate(() => (globalThis as unknown as { seen: number[] }).seen)
    const frames = seen
      .slice(1)
      .map((at, place) => at - seen[place]!)
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

/** Clients that speak, and functions that answer them, as the events of a cloud. */
function conversation(count: number): WireEvent[] {
  const place = { apiId: 'a1b2c3', stage: 'live' }
  return Array.from({ length: count }, (_, id) => {
    const connectionId = `client${Math.floor(id / 4) % 8}=`
    const functionName = `chat-send${Math.floor(id / 4) % 3}-X`
    const about = { at: 1_796_067_690_000 + id * 7, id, ...(id % 4 === 0 ? {} : { causedBy: id - 1 }) }
    const text = JSON.stringify({ action: 'sendMessage', text: `message ${id}` })
    const happenings = [
      { kind: 'frame', direction: 'in', ...place, connectionId, routeKey: 'sendMessage', text },
      { kind: 'invoke', functionName, requestId: `r-${id}`, payload: text },
      { kind: 'invocation', functionName, requestId: `r-${id}`, outcome: 'returned', cold: false, ms: 4 },
      { kind: 'frame', direction: 'out', ...place, connectionId, text },
    ] as const
    return { ...happenings[id % 4]!, ...about } as WireEvent
  })
}
