import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Verdict } from '#kit'
import { house } from './house.ts'

/** What is remembered of a lab between commands. */
export interface Remembered {
  /** When it was passed, ISO 8601. */
  readonly passed?: string
  /** The last check of the starter: it decides the next hint. */
  readonly last?: Verdict
  /** How many hints have been given for a criterion. */
  readonly hints?: Readonly<Record<string, number>>
}

/** The folder for everything that is the learner's own and no part of the kit; git ignores it. */
export const notebook = join(house, '.wslab')
const file = join(notebook, 'progress.json')

/** Reads what is remembered, by lab. A notebook that is missing or cannot be read is an empty one. */
export async function remembered(): Promise<Readonly<Record<string, Remembered>>> {
  try {
    return JSON.parse(await readFile(file, 'utf8'))
  } catch {
    return {}
  }
}

/** Notes something about a lab. Written beside and renamed, so that an interrupted write loses nothing. */
export async function remember(lab: string, news: Remembered): Promise<void> {
  const all = await remembered()
  await mkdir(notebook, { recursive: true })
  const draft = `${file}.${process.pid}`
  await writeFile(draft, JSON.stringify({ ...all, [lab]: { ...all[lab], ...news } }, null, 2))
  await rename(draft, file)
}
