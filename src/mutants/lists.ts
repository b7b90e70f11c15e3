import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { house } from '../run/house.ts'
import type { Place } from './mutant.ts'

/** A mutant that is no fault, and why: a sentence of the lab's README, or that there is none. */
export interface Explained extends Place {
  readonly because: string
}

/** A mutant that the check does not refuse yet, or could not judge. */
export interface Known extends Place {
  readonly outcome: 'surviving' | 'not checked'
}

const fileOf = (lab: string, name: string): string => join(house, 'checks', lab, name)

export const explainedOf = (lab: string): Promise<readonly Explained[]> => read(fileOf(lab, 'explained.json'))
export const knownOf = (lab: string): Promise<readonly Known[]> => read(fileOf(lab, 'survivors.json'))

/** Notes the survivors that are known, sorted by file: the difference between two notes is what a change did to a check. */
export async function note(lab: string, known: readonly Known[]): Promise<string> {
  const file = fileOf(lab, 'survivors.json')
  const sorted = known
    .map(({ operator, file, was, becomes, nth, outcome }) => ({
      operator,
      file,
      was,
      becomes,
      ...(nth === undefined ? {} : { nth }),
      outcome,
    }))
    .sort((a, b) => (orderOf(a) < orderOf(b) ? -1 : 1))
  await writeFile(file, `${JSON.stringify(sorted, null, 2)}\n`)
  return `checks/${lab}/survivors.json`
}

const orderOf = ({ file, operator, was, becomes, nth = 1 }: Place): string =>
  [file, operator, was, becomes, nth].join('\0')

async function read<T>(file: string): Promise<readonly T[]> {
  try {
    return JSON.parse(await readFile(file, 'utf8'))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
}
