import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Guardian } from '../cloud/guardian.ts'
import { type Assembler, onItsOwn } from '../run/assemble.ts'
import { assemblyIn, outdirIn } from '../run/synth.ts'
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
 * Two sources are the same if their templates and their clients' programs are, and with them the bundles
 * of all functions. The first is not refused, so the solution has to come first. `Same` is thrown for all later ones.
 */
export function mutantAssembler(guardian: Guardian): MutantAssembler {
  const own = onItsOwn(guardian)
  const warm = warmSynth(guardian)
  const seen = new Set<string>()
  const again: Assembler = {
    async typecheck() {},
    async synth(source, as, workspace) {
      const outdir = outdirIn(workspace, as)
      const isDone = await warm.synthesizes({
        source: source.directory,
        outdir,
        isHandIn: source.isHandIn,
        ...as,
      })
      return isDone ? assemblyIn(outdir, as.stackName, source) : own.synth(source, as, workspace)
    },
  }
  return {
    ...again,
    again,
    async synth(source, as, workspace) {
      const assembly = await again.synth(source, as, workspace)
      // Another release of a mutant that is being tried: it is no mutant of its own.
      if (as.context) return assembly
      const print = await printOf([assembly.directory, join(source.directory, 'clients')])
      if (seen.has(print)) throw new Same('The same is deployed as without the mistake, or with another one.')
      seen.add(print)
      return assembly
    },
    stop: warm.stop,
  }
}

/** Of the templates in the first folder, with all that they deploy, and of all that is in the second. */
async function printOf([assembly, clients]: readonly [string, string]): Promise<string> {
  const hash = createHash('sha256')
  const entries = (await readdir(assembly)).sort()
  const bundles = new Map<string, string>()
  for (const entry of entries.filter(name => name.startsWith('asset.'))) {
    bundles.set(entry.replace('asset.', ''), await bundleIn(join(assembly, entry)))
  }
  for (const entry of entries.filter(name => name.endsWith('.template.json'))) {
    const template = await readFile(join(assembly, entry), 'utf8')
    hash.update(template.replace(/\b[0-9a-f]{64}\b/g, id => bundles.get(id) ?? id))
  }
  for (const name of (await readdir(clients).catch(() => [])).sort()) {
    hash.update(`\0${name}\0`).update(await readFile(join(clients, name)))
  }
  return hash.digest('hex')
}

/** A bundle's own print. The bundler names every source in a line of its own, and each copy has another path. */
async function bundleIn(folder: string): Promise<string> {
  const hash = createHash('sha256')
  for (const name of (await readdir(folder)).sort()) {
    hash.update(name).update((await readFile(join(folder, name), 'utf8')).replace(/^\s*\/\/ .*$/gm, ''))
  }
  return hash.digest('hex')
}
