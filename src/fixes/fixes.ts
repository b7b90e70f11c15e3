import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Lab } from '#kit'
import { house } from '../run/house.ts'
import { BadDifference, parseDifference } from './difference.ts'
import { BadHeader, type Header, type Kind, parseHeader } from './header.ts'

/** A fix by which a lab's check is checked: a wrong one must be refused, a right one must pass. */
export interface Fix extends Header {
  readonly lab: Lab
  readonly kind: Kind
  /** The name of its file without `.diff`. */
  readonly name: string
  /** The unified diff, and the number of its first line in the file. */
  readonly difference: string
  readonly firstLine: number
}

/** The file of a fix cannot be used. The message names it and says why. */
export class BadFix extends Error {}

/** All fixes of a lab, the wrong ones first, by name. @throws BadFix for the first that cannot be read. */
export const fixesOf = (lab: Lab): readonly Fix[] =>
  (['wrong', 'right'] as const).flatMap(kind => namesOf(lab, kind).map(name => readFix(lab, kind, name)))

/** The names of the fixes of a kind. @throws BadFix when the folder holds anything else. */
export function namesOf(lab: Lab, kind: Kind): readonly string[] {
  const folder = join('checks', lab.id, kind)
  if (!existsSync(join(house, folder))) return []
  return readdirSync(join(house, folder))
    .sort()
    .map(file => {
      if (file.endsWith('.diff')) return file.slice(0, -'.diff'.length)
      throw new BadFix(`${folder}/${file} is no fix. A fix is one file, NAME.diff.`)
    })
}

/** What reports call a fix: `checks/lab3-authentication/wrong/decodes-only`. */
export const labelOfFix = ({ lab, kind, name }: Pick<Fix, 'lab' | 'kind' | 'name'>): string =>
  `checks/${lab.id}/${kind}/${name}`

/** The file that holds a fix, from the folder of the house. */
export const fileOf = (fix: Pick<Fix, 'lab' | 'kind' | 'name'>): string => `${labelOfFix(fix)}.diff`

/** Reads one fix. Whether its diff applies is seen when it is laid out. @throws BadFix */
export function readFix(lab: Lab, kind: Kind, name: string): Fix {
  const file = fileOf({ lab, kind, name })
  const { header, difference, firstLine } = partsOf(readFileSync(join(house, file), 'utf8'))
  return named(file, () => {
    const found = parseHeader(header, kind, lab)
    const changes = parseDifference(difference, firstLine)
    if (changes.length === 0) throw new BadDifference(`There is no diff: it is the ${found.over}, as it is.`)
    return { lab, kind, name, ...found, difference, firstLine }
  })
}

/** The two parts of a fix's file: the header, and the diff after the first blank line. */
export function partsOf(text: string): { header: string; difference: string; firstLine: number } {
  const [header = ''] = text.split(/\r?\n\r?\n/, 1)
  const above = (/^\r?\n\r?\n/.exec(text.slice(header.length))?.[0] ?? '').length + header.length
  const firstLine = text.slice(0, above).split('\n').length
  return { header: header.trimEnd(), difference: text.slice(above), firstLine }
}

/** Runs `work`; what is wrong with the header or the diff is told with the name of the file. */
export function named<Result>(file: string, work: () => Result): Result {
  try {
    return work()
  } catch (error) {
    if (error instanceof BadHeader || error instanceof BadDifference)
      throw new BadFix(`${file}: ${error.message}`)
    throw error
  }
}
