import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, relative, sep } from 'node:path'

/** The text files of a folder: paths with `/` between their parts, sorted, and what each file holds. */
export type Tree = ReadonlyMap<string, string>

/** A file cannot be part of a fix. The message names the file and says why. */
export class NotText extends Error {}

/**
 * Reads every file under a folder. What an installation or `cdk synth` leaves there is not part of the code.
 *
 * @throws NotText for a file that is not UTF-8: a diff holds text only.
 */
export function treeIn(directory: string): Tree {
  const entries = readdirSync(directory, { recursive: true, withFileTypes: true })
  const paths = entries
    .filter(entry => entry.isFile())
    .map(entry => relative(directory, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .filter(isCode)
  return sorted(paths.map(path => [path, textOf(join(directory, path), path)]))
}

/** Writes every file of a tree into a folder, and makes the folders that it needs. */
export function writeTree(tree: Tree, directory: string): void {
  for (const [path, text] of tree) {
    mkdirSync(dirname(join(directory, path)), { recursive: true })
    writeFileSync(join(directory, path), text)
  }
}

/** A tree with another laid over it: where both have a file, it is the file of `upper`. */
export const overlay = (lower: Tree, upper: Tree): Tree => sorted([...lower, ...upper])

const sorted = (files: readonly (readonly [string, string])[]): Tree =>
  new Map([...new Map(files)].sort(([a], [b]) => (a < b ? -1 : 1)))

const isCode = (path: string): boolean => !/(^|\/)(node_modules|cdk\.out|\.git)(\/|$)/.test(path)

/** A byte order mark is part of the text, so that the file comes back byte for byte. */
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

function textOf(file: string, path: string): string {
  try {
    return utf8.decode(readFileSync(file))
  } catch (error) {
    if (!(error instanceof TypeError)) throw error
    throw new NotText(`${path} is not UTF-8 text. A fix is kept as a diff, and a diff holds text only.`)
  }
}
