import { cp, mkdir, readdir, stat } from 'node:fs/promises'
import { join, relative, resolve, sep } from 'node:path'
import type { Lab } from '#kit'
import { house } from './house.ts'

/** Where the code under test comes from. */
export type Choice = { readonly kind: 'starter' } | { readonly kind: 'solution' } | HandIn

/** Somebody's changed files, to be laid over the starter's. */
export interface HandIn {
  readonly kind: 'from'
  /** Absolute. */
  readonly directory: string
  /** The folder as it was given: the name by which reports call it. */
  readonly given: string
}

/** The code under test, ready to be synthesized. */
export interface Source {
  /** The folder with `stack.ts`. */
  readonly directory: string
  /** A path inside `directory` as the reader knows it: `starter/lab1-missing-route/stack.ts`. */
  display(path: string): string
}

/** What a verdict calls it: `starter`, `solution`, or the folder as it was given. */
export const labelOf = (choice: Choice): string => (choice.kind === 'from' ? choice.given : choice.kind)

/** The folder given with --from cannot be used. Its message says why. */
export class BadSource extends Error {}

/**
 * Finds the code to check. A hand-in is laid over a copy of the starter, in `workspace`; nothing in `starter/` changes.
 *
 * @throws BadSource when the folder is missing, empty, or would overlay nothing of the lab.
 */
export async function findSource(lab: Lab, choice: Choice, workspace: string): Promise<Source> {
  if (choice.kind !== 'from') {
    const room = choice.kind === 'starter' ? 'starter' : 'solutions'
    const directory = join(house, room, lab.id)
    return {
      directory,
      display: path => shown(relative(house, resolve(directory, path))),
    }
  }

  const files = await filesHandedIn(choice)
  const starter = join(house, 'starter', lab.id)
  const directory = join(workspace, 'source')
  await mkdir(directory, { recursive: true })
  await cp(starter, directory, { recursive: true, filter: worthCopying })
  await cp(choice.directory, directory, { recursive: true, filter: worthCopying })

  const theirs = new Set(files)
  return {
    directory,
    display(path) {
      const inside = relative(directory, resolve(directory, path))
      return shown(theirs.has(inside) ? join(choice.given, inside) : join('starter', lab.id, inside))
    },
  }
}

/**
 * The files of a hand-in, relative to its folder.
 *
 * @throws BadSource when there is no such folder, or nothing in it that could be a fix.
 */
export async function filesHandedIn({ directory, given }: HandIn): Promise<string[]> {
  const found = await stat(directory).catch(() => undefined)
  if (!found) throw new BadSource(`There is no folder ${given}.`)
  if (!found.isDirectory())
    throw new BadSource(`${given} is not a folder. Give the folder that holds the changed stack.ts.`)

  const entries = await readdir(directory, { recursive: true, withFileTypes: true })
  const files = entries
    .filter(entry => entry.isFile())
    .map(entry => relative(directory, join(entry.parentPath, entry.name)))
    .filter(worthCopying)
  if (!files.some(file => /\.[cm]?[jt]s$/.test(file))) {
    throw new BadSource(
      `${given} holds no TypeScript or JavaScript file: there is nothing to lay over the starter.`,
    )
  }
  return files
}

/** A hand-in may bring its own installation or output along; neither is part of the fix. */
const worthCopying = (path: string): boolean => !/(^|[\\/])(node_modules|cdk\.out|\.git)([\\/]|$)/.test(path)

const shown = (path: string): string => path.split(sep).join('/')
