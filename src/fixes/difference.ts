import { FILE_HEADERS_ONLY, formatPatch, parsePatch, type StructuredPatch, structuredPatch } from 'diff'
import type { Tree } from './tree.ts'

/** A diff that is malformed. The message names the line of the diff. */
export class BadDifference extends Error {}

/** What a diff does to one file. */
export interface Change {
  readonly path: string
  readonly does: 'creates' | 'deletes' | 'changes'
  readonly patch: StructuredPatch
}

/** No file: what a diff has in place of the name of a file that is created or deleted. */
const NO_FILE = '/dev/null'

/**
 * The unified diff from one tree to another, file by file. Empty when they are the same.
 * `git apply` and `patch -p1` understand it.
 */
export function differenceOf(before: Tree, after: Tree, from = 'a', to = 'b'): string {
  const paths = [...new Set([...before.keys(), ...after.keys()])].sort()
  const patches = paths
    .filter(path => before.get(path) !== after.get(path))
    .map(path => {
      const oldName = before.has(path) ? `${from}/${path}` : NO_FILE
      const newName = after.has(path) ? `${to}/${path}` : NO_FILE
      const texts = [before.get(path) ?? '', after.get(path) ?? ''] as const
      return structuredPatch(oldName, newName, ...texts, undefined, undefined, { context: 3 })
    })
  return written(patches)
}

/**
 * Reads a unified diff, as `differenceOf` writes it. The parser of the library skips what it does not understand; here
 * that is an error, because a hunk with a mistake in its first line would be lost.
 *
 * @param firstLine The number of its first line in the file that holds it.
 * @throws BadDifference
 */
export function parseDifference(text: string, firstLine = 1): readonly Change[] {
  if (text === '') return []
  const patches = parsed(text, firstLine)
  const again = written(patches).split('\n')
  const lines = text.split('\n')
  const strange = lines.findIndex((line, index) => line !== again[index])
  if (strange >= 0) {
    throw new BadDifference(`Line ${strange + firstLine} is no part of a unified diff: ${lines[strange]}`)
  }
  const changes = patches.map(changeOf)
  const twice = changes.find(({ path }, index) => changes.findIndex(one => one.path === path) !== index)
  if (twice)
    throw new BadDifference(`${twice.path} has two parts in the diff. Put all hunks of a file together.`)
  return changes
}

function parsed(text: string, firstLine: number): readonly StructuredPatch[] {
  try {
    // A header line before the diff would be counted; blank lines in its place keep the line numbers right.
    return parsePatch('\n'.repeat(firstLine - 1) + text)
  } catch (error) {
    throw new BadDifference(error instanceof Error ? `${error.message}.` : String(error))
  }
}

const written = (patches: readonly StructuredPatch[]): string =>
  patches.map(patch => formatPatch(patch, FILE_HEADERS_ONLY)).join('')

function changeOf(patch: StructuredPatch): Change {
  const oldPath = pathIn(patch.oldFileName, 'a/')
  const newPath = pathIn(patch.newFileName, 'b/')
  const path = newPath ?? oldPath
  if (path === undefined) throw new BadDifference('A part of the diff names no file.')
  if (oldPath !== undefined && newPath !== undefined) {
    if (oldPath !== newPath)
      throw new BadDifference(`${oldPath} cannot be renamed to ${newPath}: delete the one, create the other.`)
    if (patch.hunks.length === 0) throw new BadDifference(`The part for ${path} has no hunk.`)
  }
  const does = oldPath === undefined ? 'creates' : newPath === undefined ? 'deletes' : 'changes'
  return { path, does, patch }
}

/** The path in `a/path` or `b/path`; undefined for no file. A path must stay in the folder of the fix. */
function pathIn(name: string | undefined, prefix: string): string | undefined {
  if (name === NO_FILE) return undefined
  const path = name?.startsWith(prefix) ? name.slice(prefix.length) : undefined
  if (path === undefined) throw new BadDifference(`A file is named ${name}; it must begin with ${prefix}.`)
  if (path.includes('\\') || path.split('/').some(part => ['', '.', '..'].includes(part)))
    throw new BadDifference(`${path} is no path inside a fix.`)
  return path
}
