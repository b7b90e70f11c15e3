import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { HandInName } from './graded.ts'

/** A hand-in as it lies in the folder. */
export interface Found extends HandInName {
  readonly path: string
}

/** What is in a folder of hand-ins. */
export interface Listing {
  readonly handIns: readonly Found[]
  /** Names of files that are no hand-in: each of them is one that somebody may miss. */
  readonly passedOver: readonly string[]
}

/** What systems and editors leave in a folder. Nobody misses it. */
const NOBODYS = /^(\..*|__MACOSX|Thumbs\.db|desktop\.ini)$/i

/** Every folder and every ZIP in a folder, by name; `2` comes before `10`. */
export async function handInsIn(folder: string): Promise<Listing> {
  const entries = (await readdir(folder, { withFileTypes: true }))
    .filter(({ name }) => !NOBODYS.test(name))
    .sort((one, other) => one.name.localeCompare(other.name, 'en', { numeric: true }))
  const handIns: Found[] = []
  const passedOver: string[] = []
  for (const entry of entries) {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) handIns.push({ name: entry.name, kind: 'folder', path })
    else if (entry.isFile() && isZip(entry.name)) handIns.push({ name: entry.name, kind: 'zip', path })
    else passedOver.push(entry.name)
  }
  return { handIns, passedOver }
}

/** Whether a file is a ZIP, by its name. */
export const isZip = (name: string): boolean => /\.zip$/i.test(name)
