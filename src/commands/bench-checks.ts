import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { labs } from '../../labs/index.ts'
import { median } from '../bench/median.ts'
import { house } from '../run/house.ts'
import { workspace } from '../run/workspace.ts'
import type { Session } from './session.ts'
import { type CommandLine, labNamed, wholeNumber } from './usage.ts'

const require = createRequire(import.meta.url)

/** Times a whole check beside what CDK alone takes for the same stack. */
export async function benchChecks({ words, flags }: CommandLine, session: Session): Promise<number> {
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

async function timed(args: readonly string[], cwd: string): Promise<number> {
  const started = performance.now()
  const child = spawn(process.execPath, [...args], { cwd, stdio: 'ignore' })
  await once(child, 'close')
  return performance.now() - started
}
