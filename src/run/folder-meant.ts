import { lstat, readdir } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { isPart } from './folder.ts'

/** How many levels down a folder is looked for, and in how many folders. */
const DEEPEST = 5
const MOST_FOLDERS = 2_000
/** The most folders that are named when several fit as well. */
const MOST_NAMED = 3

interface Candidate {
  readonly path: string
  readonly files: number
  readonly likeness: number
}

/**
 * Folders that were probably meant by `given`, best first, named as `given` is. A ZIP is often unpacked into a folder
 * of its own name, the whole kit is given instead of one starter, or `handlers` instead of the folder above it.
 */
export async function folderMeant(
  lab: string,
  places: readonly string[],
  directory: string,
  given: string,
): Promise<readonly string[]> {
  const above = await folderAbove(places, directory, given)
  if (above) return [above]
  const found = await foldersBelow(lab, places, directory)
  const [best] = found.sort((a, b) => b.likeness - a.likeness || b.files - a.files)
  return found
    .filter(one => one.likeness === best?.likeness && one.files === best.files)
    .slice(0, MOST_NAMED)
    .map(({ path }) => join(given, path))
}

/** `handins/ana` for `handins/ana/handlers`, where that holds a `say.ts` and the lab has a `handlers/say.ts`. */
async function folderAbove(
  places: readonly string[],
  directory: string,
  given: string,
): Promise<string | undefined> {
  const names = await readdir(directory).catch(() => [])
  const isInside = names.some(name => places.includes(`${basename(directory)}/${name}`))
  if (!isInside) return undefined
  const parent = dirname(given)
  return parent === '.' || resolve(given) === resolve(parent) ? dirname(directory) : parent
}

async function foldersBelow(lab: string, places: readonly string[], directory: string): Promise<Candidate[]> {
  const found: Candidate[] = []
  let level = ['']
  let looked = 0
  for (let depth = 0; depth < DEEPEST && level.length > 0; depth++) {
    const next: string[] = []
    for (const path of level) {
      looked += 1
      if (looked > MOST_FOLDERS) return found
      for (const name of await foldersIn(join(directory, path))) {
        const below = path ? `${path}/${name}` : name
        const files = await howManyOf(places, join(directory, below))
        if (files > 0) found.push({ path: below, files, likeness: likenessTo(lab, below) })
        next.push(below)
      }
    }
    level = next
  }
  return found
}

const likenessTo = (lab: string, path: string): number =>
  path === `starter/${lab}` || path.endsWith(`/starter/${lab}`) ? 2 : basename(path) === lab ? 1 : 0

async function foldersIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => [])
  return entries
    .filter(entry => entry.isDirectory() && isPart(entry.name) && !entry.name.startsWith('.'))
    .map(entry => entry.name)
    .sort()
}

async function howManyOf(places: readonly string[], folder: string): Promise<number> {
  const found = await Promise.all(
    places.map(place =>
      lstat(join(folder, place)).then(
        () => 1,
        () => 0,
      ),
    ),
  )
  return found.reduce<number>((sum, one) => sum + one, 0)
}
