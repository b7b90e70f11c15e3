import { mkdir, readdir, readFile } from 'node:fs/promises'
import { basename, dirname, join, relative } from 'node:path'
import type { Lab } from '#kit'
import { BadSource } from '../run/folder.ts'
import { folderMeant } from '../run/folder-meant.ts'
import { filesHandedIn, tellingOf } from '../run/hand-in.ts'
import { publishedStarter } from '../run/published-starter.ts'
import { type Found, isZip } from './hand-ins.ts'
import { unpack } from './unpack.ts'

/** A hand-in, ready to be checked. */
export interface Prepared {
  /** The folder to check from, so that reports call the hand-in by its name. */
  readonly cwd: string
  /** The folder that holds the changed files, seen from `cwd`. */
  readonly from: string
  readonly unchanged: boolean
}

/**
 * Unpacks what is packed, and finds the folder that holds the lab: in hand-ins it is often one or two further down.
 *
 * @throws BadSource saying why it cannot be checked.
 */
export async function prepare(lab: Lab, found: Found, workspace: string): Promise<Prepared> {
  const top = await unpacked(found, workspace)
  const cwd = dirname(top)
  const from = await folderOf(lab, top, found.name)
  const files = await filesHandedIn(lab, { kind: 'from', directory: join(cwd, from), given: from })
  return { cwd, from, unchanged: await isUnchanged(lab, files) }
}

/** A ZIP, or a folder that holds a ZIP and nothing else, as learning platforms have it. */
async function unpacked({ kind, path, name }: Found, workspace: string): Promise<string> {
  const zip = kind === 'zip' ? path : await onlyZipIn(path)
  if (!zip) return path
  const folder = join(workspace, name)
  await mkdir(folder, { recursive: true })
  await unpack(zip, kind === 'zip' ? name : `${name}/${basename(zip)}`, folder)
  return folder
}

async function onlyZipIn(folder: string): Promise<string | undefined> {
  const [only, ...more] = (await readdir(folder)).filter(one => !one.startsWith('.') && one !== '__MACOSX')
  return only && more.length === 0 && isZip(only) ? join(folder, only) : undefined
}

/** The folder itself, or the one below it that must have been meant. */
async function folderOf(lab: Lab, directory: string, given: string): Promise<string> {
  try {
    await filesHandedIn(lab, { kind: 'from', directory, given })
    return given
  } catch (error) {
    if (!(error instanceof BadSource)) throw error
    const telling = tellingOf([...(await publishedStarter(lab.id)).keys()])
    const [meant, ...others] = await folderMeant(lab.id, telling, directory, given)
    const isBelow = meant && !/^(\.\.|$)/.test(relative(given, meant))
    if (!isBelow || others.length > 0) throw error
    return meant
  }
}

/** Whether every file that the starter has is as it was published. Line ends and blanks at them do not count. */
async function isUnchanged(lab: Lab, files: ReadonlyMap<string, string>): Promise<boolean> {
  const published = await publishedStarter(lab.id)
  for (const [path, file] of files) {
    const text = published.get(path)
    if (text !== undefined && plain(text) !== plain(await readFile(file, 'utf8'))) return false
  }
  return true
}

const plain = (text: string): string =>
  text
    .replace(/^\ufeff/, '')
    .replace(/[ \t\r]+$/gm, '')
    .trimEnd()
