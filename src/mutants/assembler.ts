import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Guardian } from '../cloud/guardian.ts'
import { type Assembler, onItsOwn } from '../run/assemble.ts'
import { assemblyIn } from '../run/synth.ts'
import { warmSynth } from '../run/warm-synth.ts'

/** A mutant from which the same comes as from the solution, or from another mutant: to check it would say nothing new. */
export class Same extends Error {}

/** An assembler for mutants of one lab. To be stopped after the last. */
export interface MutantAssembler extends Assembler {
  /** The same, for what is tried a second time: it never throws `Same`. */
  readonly again: Assembler
  stop(): void
}

/**
 * Synthesizes in a process that has CDK loaded already. Types are checked before, for many at a time.
 *
 * Two sources are the same if their templates and their clients' programs are: the template holds the hashes of all
 * bundled functions. The first is not refused, so the solution has to come first. `Same` is thrown for all later ones.
 */
export function mutantAssembler(guardian: Guardian): MutantAssembler {
  const own = onItsOwn(guardian)
  const warm = warmSynth(guardian)
  const seen = new Set<string>()
  const again: Assembler = {
    async typecheck() {},
    async synth(source, as, workspace) {
      const outdir = join(workspace, 'cdk.out')
      const isDone = await warm.synthesizes({ source: source.directory, outdir, ...as })
      return isDone ? assemblyIn(outdir, as.stackName, source) : own.synth(source, as, workspace)
    },
  }
  return {
    ...again,
    again,
    async synth(source, as, workspace) {
      const assembly = await again.synth(source, as, workspace)
      const print = await printOf([assembly.directory, join(source.directory, 'clients')])
      if (seen.has(print)) throw new Same('The same is deployed as without the mistake, or with another one.')
      seen.add(print)
      return assembly
    },
    stop: warm.stop,
  }
}

/** Of the templates in the first folder, and of all that is in the second. */
async function printOf([assembly, clients]: readonly [string, string]): Promise<string> {
  const hash = createHash('sha256')
  const templates = (await readdir(assembly)).filter(name => name.endsWith('.template.json'))
  for (const name of templates.sort()) hash.update(await readFile(join(assembly, name)))
  for (const name of (await readdir(clients).catch(() => [])).sort()) {
    hash.update(`\0${name}\0`).update(await readFile(join(clients, name)))
  }
  return hash.digest('hex')
}
