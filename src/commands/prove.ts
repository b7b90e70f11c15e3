import { join } from 'node:path'
import type { Lab } from '#kit'
import { labs } from '../../labs/index.ts'
import { startGuardian } from '../cloud/guardian.ts'
import { fixesOf } from '../fixes/fixes.ts'
import { layOut } from '../fixes/lay-out.ts'
import { workspace } from '../run/workspace.ts'
import { browser, cacheServer, node, oldSdk, runSteps, type Step } from './set-up.ts'
import { type Command, labNamed } from './usage.ts'

/**
 * Proves what takes too long for `npm test`: every fix of every lab on the local target, and every other `*.prove.ts`.
 * With a lab, only what is about that lab.
 */
export const prove: Command = {
  synopsis: '[<lab>]',
  about: 'proves every fix of a lab, or of all labs, and everything else that npm test leaves out',
  mostWords: 1,
  options: {},
  run: ({ words }) =>
    runSteps(words[0] === undefined ? stepsFor() : stepsFor(labNamed(words[0], labs)), words),
}

/** The proofs come last, so that the output ends with the line in which vitest counts them. */
const stepsFor = (lab?: Lab): readonly Step[] => [
  { name: 'lint and format of the right fixes', run: () => lintRightFixes(lab ? [lab] : labs) },
  browser,
  cacheServer,
  ...(lab ? [] : [oldSdk]),
  // The sample of the mutants belongs here, as soon as every lab's known survivors are noted: see `npm run mutants`.
  { name: 'proofs', run: () => proofs(lab) },
]

function proofs(lab?: Lab): Promise<number> {
  const files = lab ? [`checks/${lab.id}/`] : []
  return node('vitest', 'vitest.mjs', 'run', '--config', 'vitest.prove.config.ts', ...files)
}

/** Right fixes are code to learn from: they are held to the rules of the house. Biome would not look into a folder that git ignores. */
async function lintRightFixes(chosen: readonly Lab[]): Promise<number> {
  const guardian = startGuardian()
  try {
    const folder = workspace(guardian, 'right-fixes')
    for (const fix of chosen.flatMap(fixesOf)) {
      if (fix.kind === 'right') await layOut(fix, join(folder, fix.lab.id, fix.name))
    }
    return await node(
      '@biomejs/biome',
      'bin/biome',
      'check',
      '--error-on-warnings',
      '--vcs-use-ignore-file=false',
      folder,
    )
  } finally {
    await guardian.stop()
  }
}
