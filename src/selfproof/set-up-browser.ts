import { spawn, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import type { Browser } from 'playwright'
import { NoBrowser, openBrowser } from '../run/browser.ts'

/** A way to get a browser: the commands it takes, one after the other. */
interface Installer {
  readonly name: string
  readonly commands: readonly (readonly string[])[]
}

const require = createRequire(import.meta.url)

/** How long one command of an installer may take, in seconds: 200 MB on a slow line. */
const PATIENCE = 600

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
  const asRoot = rootPrefix()
  if (!existsSync('/etc/debian_version') || !asRoot) return [download]
  // Root's processes cannot be ended by us once sudo has started them; `timeout` can.
  const apt = (...args: string[]) => [
    ...asRoot,
    ...['timeout', '--foreground', `${PATIENCE}`, 'env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get'],
    ...args,
  ]
  return [
    download,
    {
      name: "the system's Chromium",
      commands: [apt('update'), apt('install', '-y', '--no-install-recommends', 'chromium')],
    },
  ]
}

/** What makes a command root's: nothing for root, sudo where it asks for no password. */
function rootPrefix(): readonly string[] | undefined {
  if (process.getuid?.() === 0) return []
  return spawnSync('sudo', ['-n', 'true'], { stdio: 'ignore' }).status === 0 ? ['sudo', '-n'] : undefined
}

/** Whatever comes of it: the next attempt to open a browser tells. */
function run([program = '', ...args]: readonly string[]): Promise<void> {
  return new Promise(resolve => {
    // Not spawn's own `timeout`: where there is no such program, it is waited for to the end.
    const signal = AbortSignal.timeout(PATIENCE * 1000)
    const child = spawn(program, args, { stdio: ['ignore', 2, 2], signal })
    child.once('error', () => resolve()).once('close', () => resolve())
  })
}

async function opened(): Promise<Browser | undefined> {
  try {
    return await openBrowser()
  } catch (error) {
    if (!(error instanceof NoBrowser)) throw error
    return undefined
  }
}
