import { join, normalize } from 'node:path'
import { house } from '../run/house.ts'
import { browser, cacheServer, node, oldSdk, runSteps, type Step } from './set-up.ts'
import type { Command } from './usage.ts'

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
const tests: Step = { name: 'tests', run: words => node('vitest', 'vitest.mjs', 'run', ...words) }

/** Runs every test of the kit, or the vitest files whose names are given. */
export const test: Command = {
  synopsis: '[file]...',
  about: 'types, lint, docs lint, and every test',
  options: {},
  run: ({ words }) => runSteps(stepsFor(words), words),
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
