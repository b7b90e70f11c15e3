import { existsSync } from 'node:fs'
import { join, relative } from 'node:path'
import type { Lab } from '#kit'
import type { Guardian } from '../cloud/guardian.ts'
import { type Assembler, onItsOwn } from './assemble.ts'
import type { Choice, Source } from './source.ts'
import { assemblyIn, outdirIn } from './synth.ts'
import { fingerprint, thatCompile } from './typecheck-together.ts'
import { warmSynth } from './warm-synth.ts'

/** An assembler for many checks. To be stopped after the last. */
export interface SharedAssembler extends Assembler {
  /** Does now what the first check would wait for. It may take `TOGETHER_TIMEOUT`. */
  prepare(): Promise<void>
  stop(): void
}

/**
 * An assembler for many checks of one lab. It runs one type check for all `choices`, and synthesizes in a process that
 * has CDK loaded already: together a tenth of the work.
 *
 * Only its yes counts. Whatever it does not say yes to is done again by processes of its own, as in a learner's check,
 * and what those say stands: a refusal has the same words, and an endless loop or a `process.exit` costs the others
 * nothing but a new process. And its yes is theirs: a type check of the very same files, as a program of its own under
 * the same rules; and the same CDK, in a fresh `App`, into a fresh folder, with the modules, environment and hashes of
 * the stack before forgotten. Only what a stack does to globals or to CDK itself would be left for the next, so this is
 * for fixes of ours, which do neither, and not for strangers' code.
 */
export function sharedAssembler(lab: Lab, choices: readonly Choice[], guardian: Guardian): SharedAssembler {
  const own = onItsOwn(guardian)
  const warm = warmSynth(guardian)
  let checked: Promise<ReadonlySet<string>> | undefined
  const checkedTogether = () => {
    checked ??= thatCompile(lab, choices, guardian)
    return checked
  }

  return {
    async prepare() {
      await checkedTogether()
    },
    async typecheck(source, workspace) {
      const compile = await checkedTogether()
      if (!compile.has(await fingerprint(source.directory))) await own.typecheck(source, workspace)
    },
    async synth(source, as, workspace) {
      const outdir = outdirIn(workspace, as)
      const request = { source: source.directory, outdir, isHandIn: source.isHandIn, ...as }
      const isDone = hasTheSameSettings(source, workspace) && (await warm.synthesizes(request))
      return isDone ? assemblyIn(outdir, as.stackName, source) : own.synth(source, as, workspace)
    },
    stop: warm.stop,
  }
}

/** A process has one set of tsx's settings, found from where it was started: those of the house, for all copies of hand-ins that bring none. */
const hasTheSameSettings = ({ directory }: Source, workspace: string): boolean =>
  !relative(workspace, directory).startsWith('..') &&
  !['tsconfig.json', 'jsconfig.json'].some(file => existsSync(join(directory, file)))
