import { cp, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Lab } from '#kit'
import type { Guardian } from '../cloud/guardian.ts'
import type { HandIn } from '../run/source.ts'
import { workspace } from '../run/workspace.ts'
import { solutionOf } from './generate.ts'
import type { Mutant } from './mutant.ts'

/** A mutant as a folder that can be handed in: the whole solution, with one file changed. */
export interface Laid {
  readonly mutant: Mutant
  readonly choice: HandIn
}

/** Lays a mutant out in a folder of the guardian's. */
export async function layOut(lab: Lab, mutant: Mutant, guardian: Guardian): Promise<Laid> {
  const choice = await solutionAsHandIn(lab, guardian, `${mutant.operator} in ${mutant.file}:${mutant.line}`)
  await writeFile(join(choice.directory, mutant.file), mutant.text)
  return { mutant, choice }
}

/** The solution as it is, as a hand-in. */
export async function solutionAsHandIn(
  lab: Lab,
  guardian: Guardian,
  given = 'the solution',
): Promise<HandIn> {
  const directory = workspace(guardian, 'mutant')
  await cp(solutionOf(lab.id), directory, { recursive: true })
  return { kind: 'from', directory, given }
}
