import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { labs } from '../../labs/index.ts'
import { loadTable, type Outcome, triedOf, tryUnder } from '../bench/load.ts'
import { besideLoops, quiet, shareOfACore } from '../bench/loads.ts'
import { contestants, measureMessages, messagesTable } from '../bench/messages.ts'
// @ts-expect-error It runs before any TypeScript can, so it is plain JavaScript.
import { bundled } from '../bundled.mjs'
import { house } from '../run/house.ts'
import { cache, workspace } from '../run/workspace.ts'
import { type Session, withSession } from './session.ts'
import { type Command, type CommandLine, labNamed, WrongUsage } from './usage.ts'

const require = createRequire(import.meta.url)

/** The other local cloud that messages are measured beside, and how npm is to install it: a temporary folder, no scripts. */
const PEER = 'serverless-standalone@0.0.15'
const INSTALL = [
  'install',
  PEER,
  '--ignore-scripts',
  '--no-save',
  '--no-audit',
  '--no-fund',
  '--loglevel=error',
]

/** Times a whole check beside what CDK alone takes for the same stack, or messages beside those of others. In turns, so that a busy machine slows all. */
export const bench: Command = {
  synopsis:
    '[lab | messages | load] [--rounds N] [--clients 1,100,1000] [--seconds N] [--peers] [--raw FILE] [--labs lab1,lab2] [--fixes N]',
  about:
    'times a check beside a plain cdk synth of the same stack; or messages, beside the library ws alone and, with --peers, another local cloud, which npm then installs into a temporary folder; or what checks say on a busy machine',
  mostWords: 1,
  options: {
    rounds: { type: 'string' },
    clients: { type: 'string' },
    seconds: { type: 'string' },
    peers: { type: 'boolean' },
    raw: { type: 'string' },
    labs: { type: 'string' },
    fixes: { type: 'string' },
  },
  run: line => withSession(session => (kinds[line.words[0] ?? ''] ?? checks)(line, session)),
}

async function messages({ flags }: CommandLine, session: Session): Promise<number> {
  const rounds = wholeNumber('rounds', flags.rounds ?? '5')
  const duration = wholeNumber('seconds', flags.seconds ?? '5') * 1000
  const clients = String(flags.clients ?? '1,100,1000')
    .split(',')
    .map(text => wholeNumber('clients', text))
  const kit = await bundled(house, cache)
  if (!kit) throw new Error('The local cloud could not be bundled; npm run doctor tells more.')
  const peer = flags.peers ? install(session) : undefined
  const all = contestants(join(dirname(kit), 'served-by-cloud.mjs'), peer)
  const samples = await measureMessages(all, { clients, rounds, warmUp: duration, duration }, sample =>
    process.stderr.write(
      `round ${sample.round}: ${sample.name}, ${sample.clients}: ${sample.messagesPerSecond.toFixed(0)}/s\n`,
    ),
  )
  process.stdout.write(`${messagesTable(samples, clients)}\n`)
  if (typeof flags.raw === 'string') writeFileSync(flags.raw, `${JSON.stringify(samples, null, 1)}\n`)
  return 0
}

function install({ guardian }: Session): string {
  const folder = workspace(guardian, 'peer')
  const { status, error } = spawnSync('npm', INSTALL, {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'inherit'],
    shell: process.platform === 'win32',
  })
  if (error || status !== 0)
    throw new Error(`npm could not install ${PEER}: ${error?.message ?? `exit code ${status}`}`)
  return folder
}

/** How many busy loops, and which share of a processor: a laptop on which much else runs, and a small virtual machine. */
const LOOPS = 8
const SHARE = 0.2

/** What checks say of right and wrong fixes on a quiet machine and on busy ones. Every right fix that is refused, and every wrong one that passes, is a defect. */
async function load({ flags }: CommandLine, session: Session): Promise<number> {
  const fixes = wholeNumber('fixes', flags.fixes ?? '2')
  const chosen =
    typeof flags.labs === 'string' ? flags.labs.split(',').map(name => labNamed(name, labs)) : labs
  const folder = workspace(session.guardian, 'load')
  const outcomes: Outcome[] = []
  for (const start of [async () => quiet(), () => besideLoops(LOOPS), async () => shareOfACore(SHARE)]) {
    const state = await start()
    if (!state) {
      process.stderr.write('A share of a processor cannot be tried here: no control group can be made.\n')
      continue
    }
    session.closes(state, one => one.end())
    for (const lab of chosen) {
      const all = await triedOf(lab, fixes, join(folder, state.name))
      outcomes.push(
        ...(await tryUnder(state, lab.id, all, ({ lab, name, right, code, seconds }) =>
          process.stderr.write(
            `${state.name}: ${lab} ${name}: exit ${code}${code === right ? '' : `, and not ${right}`} (${seconds.toFixed(0)} s)\n`,
          ),
        )),
      )
    }
    await state.end()
  }
  process.stdout.write(`${loadTable(outcomes)}\n`)
  if (typeof flags.raw === 'string') writeFileSync(flags.raw, `${JSON.stringify(outcomes, null, 1)}\n`)
  return outcomes.some(({ code, right }) => code === 1 - right) ? 1 : 0
}

const kinds: Readonly<Record<string, (line: CommandLine, session: Session) => Promise<number>>> = {
  messages,
  load,
}

async function checks({ words, flags }: CommandLine, session: Session): Promise<number> {
  const lab = labNamed(words[0] ?? '1', labs)
  const rounds = wholeNumber('rounds', flags.rounds ?? '5')
  const starter = join(house, 'starter', lab.id)
  const cdk = join(dirname(require.resolve('aws-cdk/package.json')), 'bin', 'cdk')
  const output = workspace(session.guardian, 'bench')
  const check: number[] = []
  const synth: number[] = []
  for (let round = 0; round < rounds; round++) {
    check.push(await timed([join(house, 'src', 'start.mjs'), 'check', lab.id, '--json'], house))
    synth.push(await timed([cdk, 'synth', '--quiet', '--output', output], starter))
  }
  const row = (what: string, times: readonly number[]) =>
    process.stdout.write(
      `${what.padEnd(40)} ${median(times).toFixed(0).padStart(6)} ms (median of ${rounds})\n`,
    )
  row(`npm run check -- ${lab.id}`, check)
  row(`npx cdk synth in starter/${lab.id}`, synth)
  process.stdout.write(
    `${'check / cdk synth'.padEnd(40)} ${(median(check) / median(synth)).toFixed(2).padStart(6)}\n`,
  )
  return 0
}

function wholeNumber(option: string, text: unknown): number {
  const value = Number(text)
  if (!Number.isInteger(value) || value < 1) throw new WrongUsage(`--${option} takes a whole number from 1.`)
  return value
}

async function timed(args: readonly string[], cwd: string): Promise<number> {
  const started = performance.now()
  const child = spawn(process.execPath, [...args], { cwd, stdio: 'ignore' })
  await once(child, 'close')
  return performance.now() - started
}

const median = (numbers: readonly number[]): number =>
  [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0
