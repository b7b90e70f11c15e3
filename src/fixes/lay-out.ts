import { join } from 'node:path'
import type { Lab } from '#kit'
import type { HandIn } from '../run/hand-in.ts'
import { house } from '../run/house.ts'
import { publishedStarter } from '../run/published-starter.ts'
import { applyDifference, DoesNotApply } from './apply.ts'
import { differenceOf } from './difference.ts'
import { BadFix, type Fix, fileOf, labelOfFix, named } from './fixes.ts'
import type { Base } from './header.ts'
import { overlay, type Tree, treeIn, writeTree } from './tree.ts'

/** The starter that hand-ins are laid over. Everything about fixes reads it here. */
export const starterOf = (lab: Lab): Promise<Tree> => publishedStarter(lab.id)

/** What the diff of a fix starts from. The solution is laid over the starter too, as a hand-in would be. */
export async function baseOf(lab: Lab, base: Base): Promise<Tree> {
  const starter = await starterOf(lab)
  return base === 'starter' ? starter : overlay(starter, treeIn(join(house, 'solutions', lab.id)))
}

/**
 * Writes a fix into a folder, whole: what the fix does not change is there as well. The folder can be checked with
 * `--from`.
 *
 * @throws BadFix when its diff does not apply, or deletes a file of the starter.
 */
export async function layOut(fix: Fix, directory: string): Promise<void> {
  writeTree(await treeOf(fix), directory)
}

/** A fix that has been laid out, as something to check. */
export const handInOf = (fix: Fix, directory: string): HandIn => ({
  kind: 'from',
  directory,
  given: labelOfFix(fix),
})

/** All files of a fix. @throws BadFix @see layOut */
export async function treeOf(fix: Fix): Promise<Tree> {
  const file = fileOf(fix)
  const base = await baseOf(fix.lab, fix.over)
  const tree = named(file, () => applied(fix, base))
  const deleted = [...(await starterOf(fix.lab)).keys()].find(path => !tree.has(path))
  if (deleted === undefined) return tree
  throw new BadFix(
    `${file}: it deletes ${deleted}, which the starter has. A fix is laid over the starter, so the file would still be there.`,
  )
}

function applied(fix: Fix, base: Tree): Tree {
  try {
    return applyDifference(fix.difference, base, fix.firstLine)
  } catch (error) {
    if (error instanceof DoesNotApply)
      throw new BadFix(`${fileOf(fix)}, over the ${fix.over}: ${error.message}`)
    throw error
  }
}

/**
 * The difference of a folder, laid over the starter: from the solution or from the starter, the one that is shorter.
 * It is empty when the folder is the one or the other.
 */
export async function shortestDifference(
  lab: Lab,
  directory: string,
): Promise<{ over: Base; difference: string }> {
  const tree = overlay(await starterOf(lab), treeIn(directory))
  const [solution, starter] = await Promise.all([baseOf(lab, 'solution'), baseOf(lab, 'starter')])
  const overSolution = differenceOf(solution, tree)
  const overStarter = differenceOf(starter, tree)
  return linesIn(overStarter) < linesIn(overSolution)
    ? { over: 'starter', difference: overStarter }
    : { over: 'solution', difference: overSolution }
}

const linesIn = (text: string): number => text.split('\n').length
