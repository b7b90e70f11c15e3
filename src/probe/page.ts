import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Page as Tab } from 'playwright'
import { fairSignal } from '../machine/fair-timer.ts'
import type { Equipment } from './equipment.ts'
import { inbox } from './inbox.ts'
import type { Line } from './line.ts'
import { servePages } from './page-server.ts'
import type { Page, PageSource } from './people.ts'
import { DECIDED_WITHIN, type Silence, unhurried } from './silence.ts'
import type { Transcript } from './transcript.ts'
import { unlessAborted } from './unless-aborted.ts'
import { Unmet } from './unmet.ts'

/** How long a page may take to be there, in milliseconds, on top of the patience: the first one in a new browser takes its time. */
const LOADING_TIME = 10_000

/**
 * Opens a page in the browser of the check, with storage and cookies of its own. Its frames, console lines and failures
 * go into the transcript.
 *
 * @throws Unmet when the code under test has no such page.
 */
export async function openPage(
  source: PageSource,
  name: string,
  equipment: Equipment,
  transcript: Transcript,
  patience: number,
  silence: Silence,
): Promise<Page & Line> {
  const browser = await equipment.browser()
  const { path, besides } = await served(source, equipment)
  const server = await servePages(equipment.directory, besides)
  const context = await browser.newContext()
  const tab = await context.newPage()
  tab.setDefaultTimeout(patience)
  tab.setDefaultNavigationTimeout(patience + LOADING_TIME)
  const page = pageOn(tab, name, transcript, patience, silence, async () => {
    await context.close()
    server.close()
  })
  const address = new URL(path, server.origin)
  for (const [key, value] of Object.entries(source.query ?? {})) address.searchParams.append(key, value)
  transcript.step(`${name} opened ${'file' in source ? source.file : 'a page'} in the browser`)
  await tab.goto(address.href)
  return page
}

/** The page's path, and what is to be served besides the files of the code under test. */
async function served(source: PageSource, { directory, bundle }: Equipment) {
  if ('file' in source) {
    if (existsSync(join(directory, source.file))) return { path: source.file, besides: {} }
    throw new Unmet({ expected: `a page ${source.file}`, observed: 'there is no such file' })
  }
  const html = `<!doctype html><meta charset="utf-8"><title>A page</title><script type="module" src="/script.js"></script>`
  return {
    path: '',
    besides: {
      '/': { type: 'text/html; charset=utf-8', text: html },
      '/script.js': { type: 'text/javascript; charset=utf-8', text: await bundle(source.script) },
    },
  }
}

/** Listens from before the page is there, so that no frame is missed. */
function pageOn(
  tab: Tab,
  name: string,
  transcript: Transcript,
  patience: number,
  silence: Silence,
  close: () => Promise<void>,
): Page & Line {
  const heard = inbox(name, transcript, patience, undefined, silence)
  const sent = inbox(name, transcript, patience, ['send', 'sent'], silence)
  const logged = inbox(name, transcript, patience, ['log', 'logged'], unhurried(silence))
  const sockets = inbox(name, transcript, patience, ['open a socket:', 'saw sockets'], unhurried(silence))

  tab.on('websocket', socket => {
    const where = withoutQuery(socket.url())
    transcript.frame(`${name}'s page opened a socket to ${where}`)
    sockets.put(JSON.stringify({ opened: where }))
    socket.on('framesent', ({ payload }) => {
      transcript.frame(`${name} > ${payload}`)
      sent.put(String(payload))
    })
    socket.on('framereceived', ({ payload }) => {
      transcript.frame(`${name} < ${payload}`)
      heard.put(String(payload))
    })
    socket.on('close', () => {
      transcript.frame(`${name}'s socket was closed`)
      sockets.put(JSON.stringify({ closed: where }))
    })
  })
  tab.on('console', message => {
    // An error comes with its stack, which says no more than its first line.
    const [line = ''] = withoutQuery(message.text()).split('\n')
    transcript.frame(`${name}'s console: ${line}`)
    logged.put(line)
  })
  tab.on('pageerror', error => {
    transcript.frame(`${name}'s page failed: ${error.name}: ${error.message}`)
    logged.put(`${error.name}: ${error.message}`)
  })

  return {
    name,
    tab,
    hears: heard.take,
    hearsNothing: heard.refuse,
    sends: sent.take,
    logs: logged.take,
    opensSocket: options => sockets.take(is('opened'), { as: 'one more', ...options }),
    losesSocket: options => sockets.take(is('closed'), { as: 'one that is then closed', ...options }),
    async shows(text) {
      const words = tab.getByText(text).first()
      await words.waitFor({ timeout: patience }).catch(async () => {
        if (!(await silence.isDecided(fairSignal(DECIDED_WITHIN)))) transcript.ranOut()
        // biome-ignore lint/performance/useDomNodeTextContent: what is to be seen is asked for, not what is in the document
        const seen = await tab.locator('body').innerText({ timeout: LOADING_TIME })
        throw new Unmet({
          expected: `${name}'s page to show ${typeof text === 'string' ? JSON.stringify(text) : text}`,
          observed: JSON.stringify(seen.slice(0, 300)),
        })
      })
    },
    close,
    get isOpen() {
      return !tab.isClosed()
    },
    there: signal => unlessAborted(roundTrip(tab), signal),
  }
}

/** An address's query may hold a signature or a token, and does not belong into a report. */
const withoutQuery = (text: string): string => text.replace(/\b(wss?:\/\/[^?\s'"]*)\?[^\s'"]*/g, '$1')

const is = (what: 'opened' | 'closed') => (event: unknown) =>
  typeof event === 'object' && event !== null && what in event

/**
 * Resolves when the page has done what it had to do by now: tasks, and those that they have led to. That a frame has come as far as the
 * page cannot be seen from here: the browser's network process has it first.
 */
async function roundTrip(tab: Tab): Promise<void> {
  for (let twice = 0; twice < 2; twice += 1) {
    // A page that is gone, or on its way to another address, has nothing to do here.
    await tab.evaluate(() => new Promise(resolve => setTimeout(resolve))).catch(() => {})
  }
}
