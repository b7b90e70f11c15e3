import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Lab } from '#kit'
import { house } from '../run/house.ts'
import { BadFix, fileOf, labelOfFix, partsOf, readFix } from './fixes.ts'
import { emptyHeader, type Kind, overBase } from './header.ts'
import { baseOf, shortestDifference } from './lay-out.ts'
import { writeTree } from './tree.ts'

/** A fix as it is called, whether it exists or not. */
export interface Name {
  readonly lab: Lab
  readonly kind: Kind
  readonly name: string
}

/** Whether there is a file for it. */
export const exists = (fix: Name): boolean => existsSync(join(house, fileOf(fix)))

/** Begins a new fix: a file with a header to fill in, and the solution in a folder to change. */
export async function beginFix(fix: Name, directory: string): Promise<void> {
  write(fix, emptyHeader(fix.kind), '')
  writeTree(await baseOf(fix.lab, 'solution'), directory)
}

/**
 * Writes the difference of a folder into the fix's file. The header stays as it is, but for its `over`: the base from
 * which the difference is shorter. A fix without a file gets one, with a header to fill in.
 *
 * @throws BadFix when the folder differs from nothing, or when the file is not a whole fix after that, which it says.
 */
export async function saveFix(fix: Name, directory: string): Promise<void> {
  const { lab, kind, name } = fix
  const { over, difference } = await shortestDifference(lab, directory)
  if (difference === '')
    throw new BadFix(`The folder is the ${over} of ${lab.id}, to the letter: there is no fix in it to save.`)
  const header = exists(fix)
    ? partsOf(readFileSync(join(house, fileOf(fix)), 'utf8')).header
    : emptyHeader(kind)
  write(fix, overBase(header, over), difference)
  readFix(lab, kind, name)
}

function write(fix: Name, header: string, difference: string): void {
  const file = join(house, fileOf(fix))
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, `${header}\n\n${difference}`)
}

/** The folder that a fix is laid out in when no other is given, from the folder of the house. */
export const folderOf = (fix: Name): string => labelOfFix(fix).replace(/^checks/, '.wslab/fixes')
