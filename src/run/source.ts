import { copyFile, mkdir, writeFile } from 'node:fs/promises'
import { dirname, join, relative, resolve, sep } from 'node:path'
import type { Lab } from '#kit'
import { filesHandedIn, type HandIn } from './hand-in.ts'
import { house } from './house.ts'
import { publishedStarter } from './published-starter.ts'

/** Where the code under test comes from. */
export type Choice = { readonly kind: 'starter' } | { readonly kind: 'solution' } | HandIn

/** The code under test, ready to be synthesized. */
export interface Source {
  /** The folder with `stack.ts`. */
  readonly directory: string
  /** Then it has to stand on its own: nothing outside the folder counts. */
  readonly isHandIn: boolean
  /** A path inside `directory` as the reader knows it: `starter/lab1-missing-route/stack.ts`. */
  display(path: string): string
}

/** What a verdict calls it: `starter`, `solution`, or the folder as it was given. */
export const labelOf = (choice: Choice): string => (choice.kind === 'from' ? choice.given : choice.kind)

/**
 * Finds the code to check. A hand-in is laid over the published starter, in `workspace`: what somebody has done to
 * `starter/` neither helps nor harms it.
 *
 * @throws BadSource when a hand-in cannot be used.
 */
export async function findSource(lab: Lab, choice: Choice, workspace: string): Promise<Source> {
  if (choice.kind !== 'from') {
    const room = choice.kind === 'starter' ? 'starter' : 'solutions'
    const directory = join(house, room, lab.id)
    return {
      directory,
      isHandIn: false,
      display: path => shown(relative(house, resolve(directory, path))),
    }
  }

  const theirs = await filesHandedIn(lab, choice)
  const directory = join(workspace, 'source')
  for (const [path, text] of await publishedStarter(lab.id)) {
    if (isReplaced(path, theirs)) continue
    await writeFile(await placeFor(path, directory), text)
  }
  for (const [path, file] of theirs) await copyFile(file, await placeFor(path, directory))

  return {
    directory,
    isHandIn: true,
    display(path) {
      const inside = shown(relative(directory, resolve(directory, path)))
      return shown(theirs.has(inside) ? join(choice.given, inside) : join('starter', lab.id, inside))
    },
  }
}

/** Whether the hand-in has this file itself, a file where this one needs a folder, or a folder of its name. */
const isReplaced = (path: string, theirs: ReadonlyMap<string, string>): boolean =>
  [...theirs.keys()].some(
    their => their === path || path.startsWith(`${their}/`) || their.startsWith(`${path}/`),
  )

async function placeFor(path: string, directory: string): Promise<string> {
  const place = join(directory, path)
  await mkdir(dirname(place), { recursive: true })
  return place
}

const shown = (path: string): string => path.split(sep).join('/')
