import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, normalize } from 'node:path'
import { house } from '../run/house.ts'
import { type FileTime, TIMES_FILE } from '../selfproof/times-reporter.ts'
import { browser, node, runSteps, type Step } from './set-up.ts'
import { type StepTime, timesInWords, timesPage } from './test-times.ts'
import { type Command, WrongUsage } from './usage.ts'

/** The kit's own tests, in the order in which a mistake is found cheapest. */
const checks: readonly Step[] = [
  { name: 'types', run: () => node('typescript', 'bin/tsc', '--project', '.') },
  { name: 'types of the starters', run: () => node('typescript', 'bin/tsc', '--project', 'starter') },
  {
    name: 'types of the workbench',
    run: () => node('typescript', 'bin/tsc', '--project', 'src/workbench/page'),
  },
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

/** Runs vitest. Where times are asked for, a reporter of ours notes them besides. */
const vitest = (...args: readonly string[]): Promise<number> => {
  const reporters = ['--reporter=default', '--reporter=./src/selfproof/times-reporter.ts']
  return node('vitest', 'vitest.mjs', 'run', ...args, ...(process.env[TIMES_FILE] ? reporters : []))
}
/** The units of the local cloud share their processes: see vitest.units.config.ts. */
const units: Step = {
  name: 'tests of the local cloud',
  run: () => vitest('--config', 'vitest.units.config.ts'),
}
const others: Step = { name: 'tests', run: () => vitest('--exclude', 'src/cloud/**') }
const named: Step = { name: 'tests', run: words => vitest(...words) }

/** Runs every test that a newcomer runs, or the vitest files whose names are given. */
export const test: Command = {
  synopsis: '[file]... [--times [--write]]',
  about: 'types, lint, docs lint and tests; --times prints what each costs, --write notes it in the docs',
  mostWords: Number.POSITIVE_INFINITY,
  options: { times: { type: 'boolean' }, write: { type: 'boolean' } },
  async run({ words, flags: { times, write } }) {
    if (write && !times) throw new WrongUsage('--write belongs to --times: it notes the times in the docs.')
    if (write && words.length > 0) throw new WrongUsage('--write notes the times of all tests, not of some.')
    return times ? timed(words, Boolean(write)) : runSteps(stepsFor(words), words)
  },
}

/** Runs the steps, and says what each of them and each test file cost. */
async function timed(words: readonly string[], isWritten: boolean): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'wslab-times-'))
  const file = join(folder, 'times')
  process.env[TIMES_FILE] = file
  try {
    const steps: StepTime[] = []
    const code = await runSteps(stepsFor(words), words, (name, ms) => void steps.push({ name, ms }))
    const lines = existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : []
    const files = lines.map((line): FileTime => JSON.parse(line))
    process.stdout.write(timesInWords(files, steps))
    if (isWritten && code === 0) writeFileSync(join(house, 'docs', 'test-times.md'), timesPage(files, steps))
    return code
  } finally {
    delete process.env[TIMES_FILE]
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Test files that need a browser. */
const inABrowser = [
  'src/browser',
  'src/graphql-ws',
  'src/sockets.clients',
  'src/signed-in.browser',
  'checks/lab3-authentication/proof',
  'checks/lab5-notifications/proof',
  'checks/lab6-graphql-subscriptions/proof',
].map(name => join(house, `${name}.test.ts`))

/** Nobody should wait for a browser or a server who asks for one room's tests, unless those need it. */
function stepsFor(words: readonly string[]): readonly Step[] {
  if (words.length === 0) return [...checks, browser, units, others]
  const isAsked = inABrowser.some(file => words.some(word => file.includes(normalize(word))))
  return [...(isAsked ? [browser] : []), named]
}
