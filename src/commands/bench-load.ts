import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { labs } from '../../labs/index.ts'
import { loadTable, type Outcome, triedOf, tryUnder } from '../bench/load.ts'
import { besideLoops, quiet, shareOfACore } from '../bench/loads.ts'
import { workspace } from '../run/workspace.ts'
import type { Session } from './session.ts'
import { type CommandLine, labNamed, wholeNumber } from './usage.ts'

/** How many busy loops, and which share of a processor: a laptop on which much else runs, and a small virtual machine. */
const LOOPS = 8
const SHARE = 0.2

/**
 * What checks say of right and wrong fixes on a quiet machine and on busy ones. Every right fix that is refused, and every wrong one that
 * passes, is a defect: exit code 1.
 */
export async function benchLoad({ flags }: CommandLine, session: Session): Promise<number> {
  const { guardian } = session
  const fixes = wholeNumber('fixes', flags.fixes ?? '2')
  const chosen =
    typeof flags.labs === 'string' ? flags.labs.split(',').map(name => labNamed(name, labs)) : labs
  const folder = workspace(guardian, 'load')
  const outcomes: Outcome[] = []
  for (const start of [quiet, () => besideLoops(LOOPS, guardian), () => shareOfACore(SHARE)]) {
    const state = await start()
    if (!state) {
      process.stderr.write('A share of a processor cannot be tried here: no control group can be made.\n')
      continue
    }
    try {
      for (const lab of chosen) {
        const all = await triedOf(lab, fixes, join(folder, state.name))
        outcomes.push(...(await tryUnder(state, lab.id, all, guardian, tell)))
      }
    } finally {
      await state.end()
    }
  }
  process.stdout.write(`${loadTable(outcomes)}\n`)
  if (typeof flags.raw === 'string') writeFileSync(flags.raw, `${JSON.stringify(outcomes, null, 1)}\n`)
  return outcomes.some(({ code, right }) => code === 1 - right) ? 1 : 0
}

const tell = ({ load, lab, name, right, code, seconds }: Outcome): void =>
  void process.stderr.write(
    `${load}: ${lab} ${name}: exit ${code}${code === right ? '' : `, and not ${right}`} (${seconds.toFixed(0)} s)\n`,
  )
