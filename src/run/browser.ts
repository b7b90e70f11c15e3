import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import type { Browser, BrowserType, LaunchOptions } from 'playwright'

/** No browser starts on this machine. Its message says which were tried, how each failed, and what to do. */
export class NoBrowser extends Error {}

/** A browser that may be here: its name for people, and for Playwright. */
interface Candidate {
  readonly name: string
  readonly launch: Pick<LaunchOptions, 'executablePath' | 'channel'>
}

/** How long a browser may take to start, in milliseconds: the first time, from a cold disk, takes some seconds. */
const PATIENCE = 120_000

/** A browser under test talks to the page it is shown, and to nobody else. */
const quiet = [
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
  '--disable-quic',
  '--disable-gpu',
]

/**
 * Opens the first browser that starts, headless: the one that `WSLAB_BROWSER` names and no other, or else Playwright's
 * own, or else the system's. Installs nothing.
 *
 * @throws NoBrowser
 */
export const openBrowser = (env: NodeJS.ProcessEnv = process.env): Promise<Browser> =>
  firstToStart((chromium, options) => chromium.launch(options), env)

/**
 * Starts one browser after the other in the way that `start` says, until one does.
 *
 * @throws NoBrowser
 */
export async function firstToStart<T>(
  start: (chromium: BrowserType, options: LaunchOptions) => Promise<T>,
  env: NodeJS.ProcessEnv = process.env,
): Promise<T> {
  // Imported late: it takes a third of a second, and most commands never need it.
  const { chromium } = await import('playwright')
  const chosen = env.WSLAB_BROWSER
  const candidates = chosen
    ? [{ name: `WSLAB_BROWSER=${chosen}`, launch: { executablePath: chosen } }]
    : [
        { name: "Playwright's Chromium", launch: { executablePath: chromium.executablePath() } },
        ...systemBrowsers(env.PATH ?? ''),
      ]
  const failures: string[] = []
  for (const { name, launch } of candidates) {
    if (launch.executablePath !== undefined && !existsSync(launch.executablePath)) {
      failures.push(`${name}: there is no file ${launch.executablePath}`)
      continue
    }
    try {
      // Playwright leaves the sandbox out unless asked for it: root and containers have none, and the page is ours.
      return await start(chromium, { ...launch, args: quiet, timeout: PATIENCE })
    } catch (error) {
      failures.push(`${name}: ${reasonIn((error as Error).message)}`)
    }
  }
  throw new NoBrowser(
    [
      'No browser starts here, and one is needed that is, or is built on, Chromium.',
      ...failures.map(failure => `  ${failure}`),
      chosen
        ? 'Let WSLAB_BROWSER be the path of a browser that starts, or leave it out.'
        : 'npm test sets one up where it can. By hand: npx playwright install --with-deps chromium, or install Chromium\nor Chrome with the system and, if it is not on PATH, set WSLAB_BROWSER to where it is.',
    ].join('\n'),
  )
}

/** On Linux those on PATH; elsewhere Playwright knows where Chrome and Edge live. */
function systemBrowsers(path: string): Candidate[] {
  if (process.platform === 'darwin' || process.platform === 'win32') {
    return [
      { name: 'Google Chrome', launch: { channel: 'chrome' } },
      { name: 'Microsoft Edge', launch: { channel: 'msedge' } },
    ]
  }
  const folders = path.split(delimiter).filter(folder => folder !== '')
  return ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'].flatMap(name => {
    const executablePath = folders.map(folder => join(folder, name)).find(file => existsSync(file))
    return executablePath === undefined ? [] : [{ name, launch: { executablePath } }]
  })
}

/** The one line that matters: Playwright's own words are followed by pages of the browser's. */
function reasonIn(words: string): string {
  const [first = ''] = words.split('\n')
  const library = /error while loading shared libraries: [^\n]+/.exec(words)?.[0]
  return library ?? first.replace(/^browserType\.launch: /, '')
}
