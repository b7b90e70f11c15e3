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

/** Notes something about a lab. */
export async function remember(lab: string, news: Remembered): Promise<void> {
  const all = await remembered()
  await write({ ...all, [lab]: { ...all[lab], ...news } })
}

/** Forgets all that is remembered of a lab: the pass, the last check, and which hints were given. */
export async function forget(lab: string): Promise<void> {
  const { [lab]: forgotten, ...others } = await remembered()
  if (forgotten) await write(others)
}

/** Written beside and renamed, so that an interrupted write loses nothing. */
async function write(notes: Readonly<Record<string, Remembered>>): Promise<void> {
  await mkdir(notebook, { recursive: true })
  const draft = `${file}.${process.pid}`
  await writeFile(draft, JSON.stringify(notes, null, 2))
  await rename(draft, file)
}
