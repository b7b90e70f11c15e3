import type { Assembly, Lab, Synthesis } from '#kit'
import type { Guardian } from '../cloud/guardian.ts'
import { lookOver } from './look-over.ts'
import type { Source } from './source.ts'
import { synth } from './synth.ts'
import { typecheck } from './typecheck.ts'

/** A cloud assembly, and the type check that is perhaps still under way. */
export interface Assembled {
  readonly assembly: Assembly
  /** Rejects with a `StackProblem` when the code does not compile. Whatever was seen of the stack until then does not count. */
  readonly compiles: Promise<void>
}

/** Who type-checks and synthesizes the code under test. Both throw `StackProblem` when it is the code's fault. */
export interface Assembler {
  typecheck(source: Source, workspace: string): Promise<void>
  synth(source: Source, as: Synthesis, workspace: string): Promise<Assembly>
}

/** Processes of its own for every stack. */
export const onItsOwn = (guardian: Guardian): Assembler => ({
  typecheck: (source, workspace) => typecheck(source, workspace, guardian),
  synth: (source, as, workspace) => synth(source, as, workspace, guardian),
})

/** How a lab's stack is synthesized where the target asks for nothing else: in the local cloud. */
export const usualSynthesis = ({ id, context }: Lab): Synthesis => ({
  stackName: `wslab-${id}`,
  ...(context && { context }),
})

/**
 * From the learner's code to a cloud assembly. Types are checked meanwhile, by another process: that takes twice as
 * long, and CDK does not wait for it either.
 *
 * @throws StackProblem when the code does not compile, or the stack cannot be synthesized.
 */
export async function assemble(
  source: Source,
  lab: Lab,
  workspace: string,
  guardian: Guardian,
  assembler: Assembler = onItsOwn(guardian),
  as: Synthesis = usualSynthesis(lab),
): Promise<Assembled> {
  await lookOver(source)
  const compiles = assembler.typecheck(source, workspace)
  // The code that is given the promise waits for it; until then a rejection is not yet anybody's.
  compiles.catch(() => {})
  try {
    return { assembly: await assembler.synth(source, as, workspace), compiles }
  } catch (error) {
    // What TypeScript says about a line is clearer than the exception that follows from it.
    await compiles
    throw error
  }
}
