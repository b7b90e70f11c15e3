import { applyPatch, type StructuredPatch, type StructuredPatchHunk } from 'diff'
import { type Change, parseDifference } from './difference.ts'
import type { Tree } from './tree.ts'

/** A diff does not apply. The message names the file and the hunk. */
export class DoesNotApply extends Error {}

/**
 * The tree that a diff makes of `base`. A hunk applies at its own line and nowhere else: the library would look for
 * another place, and a fix would then change code that nobody meant.
 *
 * @throws BadDifference when the diff is malformed.
 * @throws DoesNotApply when it is a diff of other files.
 */
export function applyDifference(difference: string, base: Tree, firstLine = 1): Tree {
  const tree = new Map(base)
  for (const change of parseDifference(difference, firstLine)) {
    const text = changed(change, base)
    if (change.does === 'deletes') tree.delete(change.path)
    else tree.set(change.path, text)
  }
  return new Map([...tree].sort(([a], [b]) => (a < b ? -1 : 1)))
}

function changed({ path, does, patch }: Change, base: Tree): string {
  const before = base.get(path)
  if (does === 'creates' && before !== undefined)
    throw new DoesNotApply(`The diff creates ${path}, which is there already.`)
  if (does !== 'creates' && before === undefined)
    throw new DoesNotApply(`The diff ${does} ${path}, which is not there.`)

  const wrong = misplaced(patch, before ?? '')
  if (wrong) {
    const { oldStart, oldLines } = wrong
    const place = `@@ -${oldLines === 0 ? oldStart - 1 : oldStart},${oldLines} … @@`
    const number = patch.hunks.indexOf(wrong) + 1
    throw new DoesNotApply(`Hunk ${number} of ${path} (${place}) does not apply: the lines there are others.`)
  }
  const after = applyPatch(before ?? '', patch, { fuzzFactor: 0, autoConvertLineEndings: false })
  if (after === false) throw new DoesNotApply(`The hunks of ${path} do not apply.`)
  if (does === 'deletes' && after !== '')
    throw new DoesNotApply(`The diff deletes ${path}, and does not hold all of its lines.`)
  return after
}

/** The first hunk that does not fit at exactly the lines that it names, before and after. */
function misplaced(patch: StructuredPatch, text: string): StructuredPatchHunk | undefined {
  const lines = linesOf(text)
  let end = 0
  let shift = 0
  return patch.hunks.find(hunk => {
    const { before, after } = sidesOf(hunk)
    const start = hunk.oldStart - 1
    const fits =
      start >= end &&
      start + before.length <= lines.length &&
      hunk.newStart - 1 === start + shift &&
      before.every((line, index) => line === lines[start + index]) &&
      (after.every(line => line.endsWith('\n')) || start + before.length === lines.length)
    end = start + before.length
    shift += after.length - before.length
    return !fits
  })
}

/** A text's lines, each with the line feed at its end; a last line may have none. */
const linesOf = (text: string): string[] => text.match(/[^\n]*\n|[^\n]+$/g) ?? []

/** The lines of a hunk as they are before and after it. `\ No newline at end of file` takes the line feed from the line above. */
function sidesOf({ lines }: StructuredPatchHunk): { before: string[]; after: string[] } {
  const before: string[] = []
  const after: string[] = []
  for (const [index, line] of lines.entries()) {
    const text = line.slice(1) + (lines[index + 1]?.startsWith('\\') ? '' : '\n')
    if (line.startsWith('\\')) continue
    if (!line.startsWith('+')) before.push(text)
    if (!line.startsWith('-')) after.push(text)
  }
  return { before, after }
}
