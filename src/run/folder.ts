import { constants, type Stats } from 'node:fs'
import { access, lstat, readdir, realpath } from 'node:fs/promises'
import { isAbsolute, join, relative } from 'node:path'

/** The folder given with --from cannot be used. Its message says why. */
export class BadSource extends Error {}

/** A hand-in may bring its own installation, history or output along; none of them is part of the fix. */
const NOT_PART = ['node_modules', '.git', 'cdk.out']
/** The most files that a hand-in may hold. The largest lab has 25: with more than this, another folder was meant. */
const MOST_FILES = 1_000

/** Whether a file or folder of this name belongs to a fix. */
export const isPart = (name: string): boolean => !NOT_PART.includes(name)

/**
 * All files of a folder: each path in it (with `/`), and the file to read. A link counts as what it leads to, as long
 * as that is in the folder too.
 *
 * @throws BadSource naming the first thing that is no file, no folder, or not in the folder.
 */
export async function filesIn(directory: string, given: string): Promise<ReadonlyMap<string, string>> {
  const files = new Map<string, string>()
  const top = await realpath(directory)
  await visit(top, '', [top])
  return files

  async function visit(folder: string, inside: string, above: readonly string[]): Promise<void> {
    const names = await readdir(folder).catch(cannotBeRead(inside))
    for (const name of names.filter(isPart).sort()) {
      const path = inside ? `${inside}/${name}` : name
      const { real, about } = await whatIsAt(join(folder, name), path)
      if (about.isDirectory()) {
        if (above.includes(real)) throw bad(path, 'is a link to a folder that holds it')
        await visit(real, path, [...above, real])
      } else if (about.isFile()) {
        await access(real, constants.R_OK).catch(cannotBeRead(path))
        files.set(path, real)
        if (files.size > MOST_FILES)
          throw new BadSource(
            `${given} holds more than ${MOST_FILES} files. Give the folder that holds the changed stack.ts.`,
          )
      } else throw bad(path, `is ${kindOf(about)}, and a hand-in is made of files and folders`)
    }
  }

  async function whatIsAt(file: string, path: string): Promise<{ real: string; about: Stats }> {
    const about = await lstat(file).catch(cannotBeRead(path))
    if (!about.isSymbolicLink()) return { real: file, about }
    const real = await realpath(file).catch(({ code }) => {
      if (code === 'ELOOP') throw bad(path, 'is a link that leads back to itself')
      if (code === 'ENOENT') throw bad(path, 'is a link to something that does not exist')
      return cannotBeRead(path)({ code })
    })
    const way = relative(top, real)
    if (way.startsWith('..') || isAbsolute(way)) throw bad(path, 'is a link that leads out of the folder')
    return { real, about: await lstat(real).catch(cannotBeRead(path)) }
  }

  function bad(path: string, what: string): BadSource {
    return new BadSource(`${join(given, path)} ${what}. Replace it by the file itself, or remove it.`)
  }

  function cannotBeRead(path: string): (error: { code?: string }) => never {
    return ({ code }) => {
      throw new BadSource(`${join(given, path)} cannot be read (${code}).`)
    }
  }
}

function kindOf(about: Stats): string {
  if (about.isFIFO()) return 'a named pipe'
  if (about.isSocket()) return 'a socket'
  return 'a device'
}
