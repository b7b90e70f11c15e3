import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createRequire } from 'node:module'
import { dirname, join, normalize } from 'node:path'
import { NoBrowser } from '../run/browser.ts'
import { house } from '../run/house.ts'
import { setUpBrowser } from '../selfproof/set-up-browser.ts'
import { setUpCacheServer } from '../selfproof/set-up-cache-server.ts'
import { setUpOldSdk } from '../selfproof/set-up-old-sdk.ts'
import type { Command } from './usage.ts'

const require = createRequire(import.meta.url)

interface Step {
  readonly name: string
  /** Does it, for the test files whose names hold one of the words if there are any. Answers with the exit code. */
  run(words: readonly string[]): Promise<number>
}

/** The kit's own tests, in the order in which a mistake is found cheapest. */
const checks: readonly Step[] = [
  { name: 'types', run: () => node('typescript', 'bin/tsc', '--project', '.') },
  { name: 'types of the starters', run: () => node('typescript', 'bin/tsc', '--project', 'starter') },
  { name: 'types of the solutions', run: () => node('typescript', 'bin/tsc', '--project', 'solutions') },
  {
    name: 'lint and format',
    run: () => node('@biomejs/biome', 'bin/biome', 'check', '--error-on-warnings', '.'),
  },
  {
    name: 'docs lint',
    run: () =>
      node(
        'markdownlint-cli',
        'markdownlint.js',
        '--ignore',
        'node_modules',
        '--ignore',
        '.wslab',
        '**/*.md',
      ),
  },
]
const browser: Step = { name: 'a browser', run: haveBrowser }
const cacheServer: Step = { name: 'a cache server', run: haveCacheServer }
const oldSdk: Step = { name: 'the AWS SDK v2', run: haveOldSdk }
const tests: Step = { name: 'tests', run: words => node('vitest', 'vitest.mjs', 'run', ...words) }

/** Runs every test of the kit, or the vitest files whose names are given. */
export const test: Command = {
  synopsis: '[file]...',
  about: 'types, lint, docs lint, and every test',
  options: {},
  async run({ words }) {
    for (const { name, run } of stepsFor(words)) {
      process.stdout.write(`\n── ${name}\n`)
      const code = await run(words)
      if (code !== 0) {
        process.stderr.write(`\n${name}: failed (exit code ${code}).\n`)
        return 1
      }
    }
    return 0
  },
}

/** Test files that need a browser. */
const inABrowser = [
  'src/browser',
  'src/graphql-ws',
  'src/sockets.clients',
  'src/signed-in.browser',
  'checks/lab3-authentication/proof',
  'checks/lab4-stale-connections/four-events',
  'checks/lab5-notifications/proof',
  'checks/lab6-graphql-subscriptions/proof',
].map(name => join(house, `${name}.test.ts`))

/** Test files that need a cache server. */
const withACache = [join(house, 'src', 'cache.test.ts')]
/** The test of an app whose functions bring no SDK, and want the second. */
const withTheOldSdk = [join(house, 'src', 'somebody-elses.test.ts')]

/** Nobody should wait for a browser or a server who asks for one room's tests, unless those need it. */
function stepsFor(words: readonly string[]): readonly Step[] {
  if (words.length === 0) return [...checks, browser, cacheServer, oldSdk, tests]
  const areAsked = (files: readonly string[]) =>
    files.some(file => words.some(word => file.includes(normalize(word))))
  return [
    ...(areAsked(inABrowser) ? [browser] : []),
    ...(areAsked(withACache) ? [cacheServer] : []),
    ...(areAsked(withTheOldSdk) ? [oldSdk] : []),
    tests,
  ]
}

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

/** Nothing fails for want of it: what needs it is skipped, and says so. */
async function haveOldSdk(): Promise<number> {
  const found = await setUpOldSdk()
  process.stdout.write(found ? `${found}\n` : 'It cannot be had here: what needs it is skipped.\n')
  return 0
}

async function node(pack: string, path: string, ...args: string[]): Promise<number> {
  const program = join(dirname(require.resolve(`${pack}/package.json`)), path)
  const child = spawn(process.execPath, [program, ...args], {
    cwd: house,
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  const [code] = await once(child, 'close')
  return code ?? 1
}
