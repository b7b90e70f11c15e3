import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import type { BenchState, CheckState } from '../workbench/model/protocol.ts'
import { bundlePage } from '../workbench/server/bundle-page.ts'
import { reportPage } from '../workbench/server/report.ts'
import { shell } from '../workbench/server/shell.ts'
import { conversation, directory } from './conversation.ts'
import type { Drawn } from './drawing.ts'

/** How many events come at a time, and how often, in milliseconds: three thousand a second. */
const BATCH = 50
const EVERY = 16

/** A page to draw, and what it may take. */
export interface ServedPage {
  readonly name: string
  readonly address: string
  /** In milliseconds. None for a page that others are compared with. */
  readonly budget?: Drawn
}

/** A budget of sixty frames a second while somebody scrolls. While events come, every second frame may be left out. */
const SCROLLED: Drawn = { firstPaint: 1_000, frame: 17, slowFrame: 50 }
const COMING: Drawn = { firstPaint: 1_000, frame: 34, slowFrame: 150 }

/** Pages to draw. The plain one is the second. */
export interface ServedPages {
  readonly pages: readonly ServedPage[]
  close(): Promise<void>
}

const EMPTY = '<!doctype html><meta charset="utf-8"><title>Empty</title><p>.</p>'
/** A long list and nothing else: what the browser takes by itself on this machine. */
const PLAIN = `<!doctype html><meta charset="utf-8"><style>div{height:100vh;overflow:auto}p{height:26px;margin:0}</style><div tabindex=0>${'<p>row</p>'.repeat(10_000)}</div>`

/** Serves an empty page, a plain list, the wire with so many events, and the wire while they come. */
export async function servePages(events: number): Promise<ServedPages> {
  const { script, style } = await bundlePage()
  const check: CheckState = {
    ...{ lab: 'bench', hasFault: true, explanation: '', startedAt: 0 },
    ...{ criteria: [], findings: [] },
  }
  const full = await reportPage({ check, events: conversation(events), directory })
  const files: Readonly<Record<string, readonly [type: string, text: string]>> = {
    '/empty': ['text/html', EMPTY],
    '/plain': ['text/html', PLAIN],
    '/full': ['text/html', full],
    '/live': ['text/html', shell],
    '/page.js': ['text/javascript', script],
    '/page.css': ['text/css', style],
  }
  const server = createServer(({ url = '/' }, response) => {
    const [type, text] = files[url] ?? ['', '']
    if (url === '/api/feed') void feed(response, events)
    else
      response
        .writeHead(type ? 200 : 404, { 'content-type': `${type || 'text/plain'}; charset=utf-8` })
        .end(text)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const at = (path: string) => `http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`
  const many = events.toLocaleString('en-US')
  return {
    pages: [
      { name: 'an empty page', address: at('/empty') },
      { name: 'a plain list of 10,000 lines', address: at('/plain') },
      { name: `the wire with ${many} events`, address: at('/full#/wire'), budget: SCROLLED },
      { name: `the wire while ${many} events come`, address: at('/live#/wire'), budget: COMING },
    ],
    async close() {
      server.closeAllConnections()
      await new Promise(resolve => server.close(resolve))
    },
  }
}

async function feed(response: ServerResponse, count: number): Promise<void> {
  const say = (name: string, data: unknown) =>
    response.write(`event: ${name}\ndata: ${JSON.stringify(data)}\n\n`)
  const state: BenchState = {
    ...{ labs: [], withoutLabs: 'This is a benchmark.', cannot: {}, up: [], sockets: [], clockAhead: 0 },
    directory,
  }
  response.writeHead(200, { 'content-type': 'text/event-stream' })
  say('events', { reset: true, events: [], clients: {} })
  say('state', state)
  const events = conversation(count)
  for (let from = 0; from < count && !response.closed; from += BATCH) {
    say('events', { events: events.slice(from, from + BATCH), clients: {} })
    await pause(EVERY)
  }
}
