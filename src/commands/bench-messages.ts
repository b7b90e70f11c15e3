import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { contestants, measureMessages, messagesTable } from '../bench/messages.ts'
// @ts-expect-error It runs before any TypeScript can, so it is plain JavaScript.
import { bundled } from '../bundled.mjs'
import { house } from '../run/house.ts'
import { cache, workspace } from '../run/workspace.ts'
import type { Session } from './session.ts'
import { type CommandLine, wholeNumber } from './usage.ts'

/** The other local cloud that messages are measured beside, and how npm is to install it: a temporary folder, no scripts. */
const PEER = 'serverless-standalone@0.0.15'
const INSTALL = [
  ...['install', PEER, '--ignore-scripts', '--no-save'],
  ...['--no-audit', '--no-fund', '--loglevel=error'],
]

/** Counts messages per second beside those of the library `ws`, and of another local cloud. */
export async function benchMessages({ flags }: CommandLine, session: Session): Promise<number> {
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
