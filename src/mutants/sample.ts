import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { promisify } from 'node:util'
import { house } from '../run/house.ts'
import { keyOf, type Mutant } from './mutant.ts'

/** Mutants in an order that a seed decides, the same each time. */
export function shuffled(mutants: readonly Mutant[], seed: string): readonly Mutant[] {
  const rank = (mutant: Mutant) =>
    createHash('sha256')
      .update(`${seed}\0${keyOf(mutant)}`)
      .digest('hex')
  return mutants
    .map(mutant => ({ mutant, rank: rank(mutant) }))
    .sort((a, b) => (a.rank < b.rank ? -1 : 1))
    .map(({ mutant }) => mutant)
}

/** The seed of a commit: other files, another sample. */
export async function seedOfTheCommit(): Promise<string> {
  const { stdout } = await promisify(execFile)('git', ['rev-parse', 'HEAD^{tree}'], { cwd: house })
  return stdout.trim()
}
