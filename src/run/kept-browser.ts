import { join } from 'node:path'
import type { Browser } from 'playwright'
import type { Guardian } from '../cloud/guardian.ts'
import { firstToStart } from './browser.ts'

/** One browser for as long as it is needed: the first who asks waits for it to start. */
export interface KeptBrowser {
  /** Throws `NoBrowser`. */
  open(): Promise<Browser>
  close(): Promise<void>
}

/** A browser under the guardian, started with further `switches`: neither its processes nor its profile outlive us, however we end. */
export function keptBrowser(guardian: Guardian, switches: readonly string[] = []): KeptBrowser {
  let started: Promise<{ browser: Browser; close(): Promise<void> }> | undefined

  return {
    async open() {
      started ??= start(guardian, switches)
      return (await started).browser
    },
    async close() {
      const last = started
      started = undefined
      // One that never started has cleared up after itself.
      await (await last?.catch(() => undefined))?.close()
    },
  }
}

async function start(
  guardian: Guardian,
  switches: readonly string[],
): Promise<{ browser: Browser; close(): Promise<void> }> {
  const folder = guardian.temporaryFolder('wslab-browser-')
  try {
    // A profile of our choosing, or Playwright makes one where nobody answers for it. Pages come in contexts of their own.
    const context = await firstToStart((chromium, options) =>
      chromium.launchPersistentContext(join(folder, 'profile'), {
        ...options,
        args: [...(options.args ?? []), ...switches],
        artifactsDir: join(folder, 'artifacts'),
      }),
    )
    const browser = context.browser()!
    const forget = guardian.watchProcess(await processOf(browser))
    return {
      browser,
      async close() {
        await context.close()
        forget()
        guardian.removeFolder(folder)
      },
    }
  } catch (error) {
    guardian.removeFolder(folder)
    throw error
  }
}

/** The browser's main process; Playwright starts it as the leader of a group, where there are groups. */
async function processOf(browser: Browser): Promise<number> {
  const session = await browser.newBrowserCDPSession()
  const { processInfo } = await session.send('SystemInfo.getProcessInfo')
  await session.detach()
  return processInfo.find(one => one.type === 'browser')!.id
}
