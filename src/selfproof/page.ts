import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import type { Browser, JSHandle, Page } from 'playwright'
import { bundle } from '../machine/bundle.ts'
import { openBrowser } from '../run/browser.ts'
import type { Watched } from './watch.ts'

/** A page in a browser of its own. */
export interface OpenPage {
  readonly page: Page
  readonly browser: Browser
  close(): Promise<void>
}

/**
 * Opens an empty page that has an origin, as the learner's would, and the global `kit` (see page-kit.ts).
 *
 * @throws NoBrowser
 */
export async function openPage(): Promise<OpenPage> {
  const { outputFiles } = await bundle({
    entryPoints: [fileURLToPath(new URL('./page-kit.ts', import.meta.url))],
    bundle: true,
    format: 'iife',
    globalName: 'kit',
    platform: 'browser',
    target: 'es2022',
    write: false,
  })
  const server = createServer((_, response) => {
    response.setHeader('content-type', 'text/html').end('<!doctype html><title>A page</title>')
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const browser = await openBrowser().catch(error => {
    server.close()
    throw error
  })
  const page = await browser.newPage()
  await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`)
  await page.addScriptTag({ content: outputFiles[0]!.text })
  return {
    page,
    browser,
    async close() {
      await browser.close()
      server.closeAllConnections()
      server.close()
    },
  }
}

/** A socket that is watched in a page, as if it were here. */
export function fromPage(handle: JSHandle<Watched>): Watched {
  return {
    send: text => handle.evaluate((watched, words) => watched.send(words), text),
    next: () => handle.evaluate(watched => watched.next()),
    close: (code, reason) =>
      handle.evaluate((watched, [code, reason]) => watched.close(code, reason), [code, reason] as const),
  }
}
