import type { Assembly, Lab } from '#kit'
import type { Guardian } from '../cloud/guardian.ts'
import type { Source } from './source.ts'
import { synth } from './synth.ts'
import { typecheck } from './typecheck.ts'

/**
 * From the learner's code to a cloud assembly. Types are checked while the stack is synthesized: both take about a
 * second, and most machines have two cores.
 *
 * @throws StackProblem when the code does not compile, or the stack cannot be synthesized.
 */
export async function assemble(
  source: Source,
  lab: Lab,
  workspace: string,
  guardian: Guardian,
): Promise<Assembly> {
  const [types, assembly] = await Promise.allSettled([
    typecheck(source, workspace, guardian),
    synth(source, `wslab-${lab.id}`, workspace, guardian),
  ])
  // What TypeScript says about a line is clearer than the exception that follows from it.
  if (types.status === 'rejected') throw types.reason
  if (assembly.status === 'rejected') throw assembly.reason
  return assembly.value
}
