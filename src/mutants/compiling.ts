import type { Lab } from '#kit'
import type { Guardian } from '../cloud/guardian.ts'
import { findSource } from '../run/source.ts'
import { fingerprint, thatCompile } from '../run/typecheck-together.ts'
import { workspace } from '../run/workspace.ts'
import type { Laid } from './lay-out.ts'

/**
 * Type-checks many mutants in one process, and answers with those that compile.
 *
 * The compiler's answer is no for all of them when it says something that it does not say about one of them. So where
 * none compiles they are asked about by halves, until the one is found.
 */
export async function thoseThatCompile(
  lab: Lab,
  all: readonly Laid[],
  guardian: Guardian,
): Promise<readonly Laid[]> {
  if (all.length === 0) return []
  const compile = await thatCompile(
    lab,
    all.map(({ choice }) => choice),
    guardian,
  )
  const prints = await Promise.all(all.map(one => fingerprintOf(lab, one, guardian)))
  const good = all.filter((_, index) => compile.has(prints[index]!))
  if (good.length > 0 || all.length === 1) return good
  const half = Math.ceil(all.length / 2)
  return [
    ...(await thoseThatCompile(lab, all.slice(0, half), guardian)),
    ...(await thoseThatCompile(lab, all.slice(half), guardian)),
  ]
}

/** Of what is checked in the end: the hand-in laid over the starter. */
async function fingerprintOf(lab: Lab, { choice }: Laid, guardian: Guardian): Promise<string> {
  const folder = workspace(guardian, lab.id)
  try {
    return await fingerprint((await findSource(lab, choice, folder)).directory)
  } finally {
    guardian.removeFolder(folder)
  }
}
