import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { join, relative, resolve, sep } from 'node:path'
import type { Lab } from '#kit'
import type { Guardian } from '../cloud/guardian.ts'
import { BadSource } from './folder.ts'
import { type Choice, findSource } from './source.ts'
import { errorsIn, projectFor, tsc } from './tsc.ts'
import { workspace } from './workspace.ts'

/** How long it may take until it counts as hung, in milliseconds. Thirty fixes take four seconds. */
export const TOGETHER_TIMEOUT = 300_000

/** Code to be type-checked, and its project file. */
interface Project {
  readonly file: string
  readonly directory: string
  readonly fingerprint: string
}

/**
 * Type-checks many sources in one process, which reads CDK's declarations once for all of them: 1.7 CPU seconds for the
 * first and 0.2 for each further one. Each is a program of its own, with the project file and the place in the house
 * that it has in a check of its own, so nothing that one of them declares is in sight of another.
 *
 * Answers with the fingerprints of those that compile. One that is missing has an error, or there is one that cannot be
 * laid at anybody's door; only a type check of its own can say.
 */
export async function thatCompile(
  lab: Lab,
  choices: readonly Choice[],
  guardian: Guardian,
): Promise<ReadonlySet<string>> {
  const folders: string[] = []
  try {
    const projects: Project[] = []
    for (const choice of choices) {
      const folder = workspace(guardian, lab.id)
      folders.push(folder)
      projects.push(...(await projectOf(lab, choice, folder)))
    }
    // One builder: more of them take more memory, and on two cores no less time.
    const options = ['--build', '--builders', '1', ...projects.map(one => one.file)]
    const { code, output } = await tsc(options, guardian, TOGETHER_TIMEOUT)
    const wrong = code === 0 ? [] : culprits(output, projects)
    return new Set(projects.filter(one => wasBuilt(one) && !wrong.includes(one)).map(one => one.fingerprint))
  } finally {
    for (const folder of folders) guardian.removeFolder(folder)
  }
}

async function projectOf(lab: Lab, choice: Choice, folder: string): Promise<Project[]> {
  try {
    const source = await findSource(lab, choice, folder)
    const print = await fingerprint(source.directory)
    return [{ file: await projectFor(source, folder), directory: source.directory, fingerprint: print }]
  } catch (error) {
    // Whoever checks it is told so then; the others have nothing to do with it.
    if (error instanceof BadSource) return []
    throw error
  }
}

/** The projects that have errors. All of them, where something was said that no project can be blamed for. */
function culprits(output: string, projects: readonly Project[]): readonly Project[] {
  const errors = errorsIn(output)
  const found = errors.map(({ file }) => projects.find(one => resolve(file).startsWith(one.directory + sep)))
  const lines = output.split('\n').filter(line => line.trim() !== '' && !/^\s/.test(line))
  const isClear = errors.length > 0 && lines.length === errors.length && !found.includes(undefined)
  return isClear ? found.filter(one => one !== undefined) : projects
}

/** The compiler notes what it has built beside the project file; where it was ended early, the last ones have no note. */
const wasBuilt = ({ file }: Project): boolean => existsSync(file.replace(/\.json$/, '.tsbuildinfo'))

/** What the compiler's judgement depends on: the names and contents of all files under a folder. */
export async function fingerprint(directory: string): Promise<string> {
  const hash = createHash('sha256')
  const entries = await readdir(directory, { recursive: true, withFileTypes: true })
  const files = entries
    .filter(entry => entry.isFile())
    .map(entry => relative(directory, join(entry.parentPath, entry.name)))
  for (const file of files.filter(isCode).sort()) {
    const content = await readFile(join(directory, file))
    hash.update(`${file}\0${content.byteLength}\0`).update(content)
  }
  return hash.digest('hex')
}

/** What plain `cdk synth` leaves in a starter is not of it. */
const isCode = (file: string): boolean => !/(^|[\\/])cdk\.out[\\/]/.test(file)
