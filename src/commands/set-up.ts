import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { NoBrowser } from '../run/browser.ts'
import { house } from '../run/house.ts'
import { setUpBrowser } from '../selfproof/set-up-browser.ts'
import { setUpCacheServer } from '../selfproof/set-up-cache-server.ts'
import { setUpOldSdk } from '../selfproof/set-up-old-sdk.ts'

const require = createRequire(import.meta.url)

/** One thing that `npm test` or `npm run prove` does. */
export interface Step {
  readonly name: string
  /** Does it. `words` are the command's own words. Answers with the exit code. */
  run(words: readonly string[]): Promise<number>
}

/**
 * Runs the steps one after the other, up to the first that fails. Tells `took` what each took in milliseconds. Answers with
 * the exit code of the command.
 */
export async function runSteps(
  steps: readonly Step[],
  words: readonly string[],
  took: (name: string, ms: number) => void = () => {},
): Promise<number> {
  for (const { name, run } of steps) {
    process.stdout.write(`\n── ${name}\n`)
    const started = performance.now()
    const code = await run(words)
    took(name, performance.now() - started)
    if (code !== 0) {
      process.stderr.write(`\n${name}: failed (exit code ${code}).\n`)
      return 1
    }
  }
  return 0
}

/** What tests need, set up on this machine. */
export const browser: Step = { name: 'a browser', run: haveBrowser }
export const cacheServer: Step = { name: 'a cache server', run: haveCacheServer }
export const oldSdk: Step = { name: 'the AWS SDK v2', run: haveOldSdk }

/** Sees to it that a browser starts on this machine. @see setUpBrowser */
async function haveBrowser(): Promise<number> {
  try {
    const found = await setUpBrowser()
    process.stdout.write(`Chromium ${found.version()}\n`)
    await found.close()
    return 0
  } catch (error) {
    if (!(error instanceof NoBrowser)) throw error
    process.stderr.write(`${error.message}\n`)
    return 1
  }
}

/** Sees to it that there is a Valkey or Redis server. Without one the tests that need it are skipped. @see setUpCacheServer */
async function haveCacheServer(): Promise<number> {
  const found = await setUpCacheServer()
  process.stdout.write(
    found
      ? `${found.name} ${found.version}\n`
      : 'None, and none can be set up here: tests that need one are skipped.\n',
  )
  return 0
}

/** Sees to it that the AWS SDK v2 is there. Without it the tests that need it are skipped. @see setUpOldSdk */
async function haveOldSdk(): Promise<number> {
  const found = await setUpOldSdk()
  process.stdout.write(
    found ? `${found}\n` : 'None, and none can be set up here: tests that need it are skipped.\n',
  )
  return 0
}

/** Runs a program of a package with Node, in the house. Answers with its exit code. */
export async function node(pack: string, path: string, ...args: string[]): Promise<number> {
  const program = join(dirname(require.resolve(`${pack}/package.json`)), path)
  const child = spawn(process.execPath, [program, ...args], {
    cwd: house,
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  const [code] = await once(child, 'close')
  return code ?? 1
}
