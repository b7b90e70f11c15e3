import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import type { Browser } from 'playwright'
import { NoBrowser, openBrowser } from '../run/browser.ts'
import { byApt, run } from './install.ts'

/** A way to get a browser: the commands it takes, one after the other. */
interface Installer {
  readonly name: string
  readonly commands: readonly (readonly string[])[]
}

const require = createRequire(import.meta.url)

/**
 * Opens a browser, and installs one if none starts. What installers say goes to stderr.
 *
 * @throws NoBrowser when none can be had, or the one that `WSLAB_BROWSER` names does not start.
 */
export async function setUpBrowser(): Promise<Browser> {
  // Whoever has named one wants that one.
  if (process.env.WSLAB_BROWSER) return openBrowser()
  for (const { name, commands } of installers()) {
    const browser = await opened()
    if (browser) return browser
    process.stderr.write(`No browser starts here. Installing ${name} …\n`)
    for (const command of commands) await run(command)
  }
  return openBrowser()
}

/** Playwright's own download first; where that is out of reach, what Debian and its kin have, if we may. */
function installers(): Installer[] {
  const playwright = join(dirname(require.resolve('playwright/package.json')), 'cli.js')
  const download: Installer = {
    name: "Playwright's Chromium",
    commands: [[process.execPath, playwright, 'install', '--no-shell', 'chromium']],
  }
  const commands = byApt('chromium')
  return commands ? [download, { name: "the system's Chromium", commands }] : [download]
}

async function opened(): Promise<Browser | undefined> {
  try {
    return await openBrowser()
  } catch (error) {
    if (!(error instanceof NoBrowser)) throw error
    return undefined
  }
}
