import { existsSync, readdirSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import type { Lab } from '#kit'
import { labs } from '../../labs/index.ts'
import { BadFix, fileOf, namesOf, readFix } from '../fixes/fixes.ts'
import type { Kind } from '../fixes/header.ts'
import { layOut } from '../fixes/lay-out.ts'
import { beginFix, exists, folderOf, type Name, saveFix } from '../fixes/save.ts'
import { NotText } from '../fixes/tree.ts'
import { exitCode } from '../report/exit-code.ts'
import { wrap } from '../report/wrap.ts'
import { house } from '../run/house.ts'
import { startedIn } from './started-in.ts'
import { type Command, labNamed, nearest, shortName, WrongUsage } from './usage.ts'

/** Lays a fix out as a folder to edit, and saves the folder as a difference again. For those who work on the kit. */
export const fix: Command = {
  synopsis: '<lab> wrong/NAME|right/NAME [DIR] [--save] [--new]',
  about: 'lays a fix out as a folder to edit, and saves it again (for those who work on the kit)',
  mostWords: 3,
  options: { save: { type: 'boolean' }, new: { type: 'boolean' } },
  async run({ words: [lab, name, given], flags }) {
    const fix = fixNamed(name, labNamed(lab, labs))
    const directory = given === undefined ? join(house, folderOf(fix)) : resolve(startedIn(), given)
    try {
      if (flags.new && exists(fix)) {
        throw new WrongUsage(`There is ${fileOf(fix)} already. Leave --new out.`)
      }
      if (!flags.new && !exists(fix)) throw noSuchFix(fix)
      if (flags.save) await save(fix, directory)
      else if (flags.new) await begin(fix, directory)
      else await layOutToEdit(fix, directory)
      return exitCode.pass
    } catch (error) {
      if (!(error instanceof BadFix || error instanceof NotText)) throw error
      process.stderr.write(`${error.message}\n`)
      return exitCode.fail
    }
  },
}

async function layOutToEdit(name: Name, directory: string): Promise<void> {
  const fix = readFix(name.lab, name.kind, name.name)
  const { refusedAt, because } = fix
  refuseWhatIsThere(directory)
  await layOut(fix, directory)
  const must = refusedAt === undefined ? 'It must pass.' : `It must be refused at ${refusedAt}.`
  process.stdout.write(
    `${fileOf(fix)} is laid out.\n${wrap(`${must} ${because}`, 0)}\n${nextSteps(fix, directory)}`,
  )
}

async function begin(fix: Name, directory: string): Promise<void> {
  refuseWhatIsThere(directory)
  await beginFix(fix, directory)
  process.stdout.write(
    `The solution is laid out, to be changed.\nFill in the header: ${fileOf(fix)}\n${nextSteps(fix, directory)}`,
  )
}

async function save(fix: Name, directory: string): Promise<void> {
  if (!existsSync(directory)) {
    throw new WrongUsage(`There is no folder ${shown(directory)}. Lay the fix out first: leave --save out.`)
  }
  await saveFix(fix, directory)
  process.stdout.write(`Saved in ${fileOf(fix)}.\nProve it: npm run prove ${shortName(fix.lab.id)}\n`)
}

/** Somebody may have changed what was laid out before. */
function refuseWhatIsThere(directory: string): void {
  if (existsSync(directory) && readdirSync(directory).length > 0)
    throw new WrongUsage(`${shown(directory)} holds something already. Remove it, or give another folder.`)
}

function nextSteps(fix: Name, directory: string): string {
  const lab = shortName(fix.lab.id)
  const folder = shown(directory)
  const isDefault = directory === join(house, folderOf(fix))
  return [
    `Change it:  ${folder}`,
    `Check it:   npm run check -- ${lab} --from ${folder}`,
    `Save it:    npm run fix -- ${lab} ${fix.kind}/${fix.name}${isDefault ? '' : ` ${folder}`} --save`,
    '',
  ].join('\n')
}

/** A folder in the way in which a person at this place writes it. */
const shown = (directory: string): string => relative(startedIn(), directory) || '.'

function fixNamed(word: string | undefined, lab: Lab): Name {
  const [, kind, name] = /^(wrong|right)\/([a-z0-9]+(?:-[a-z0-9]+)*)(?:\.diff)?$/.exec(word ?? '') ?? []
  if (kind && name) return { lab, kind: kind as Kind, name }
  const known = allNames(lab)
  if (word === undefined) throw new WrongUsage(`Which fix of ${lab.id}? There are:\n${known.join('\n')}`)
  const meant = known.find(one => one.endsWith(`/${word}`))
  throw new WrongUsage(
    `${word} is no name of a fix: a name is wrong/ or right/, then small letters, digits and hyphens.${meant ? ` Did you mean ${meant}?` : nearest(word, known)}`,
  )
}

function noSuchFix({ lab, kind, name }: Name): WrongUsage {
  const word = `${kind}/${name}`
  return new WrongUsage(
    `${lab.id} has no fix ${word}.${nearest(word, allNames(lab))}\nTo begin it: npm run fix -- ${shortName(lab.id)} ${word} --new`,
  )
}

const allNames = (lab: Lab): string[] =>
  (['wrong', 'right'] as const).flatMap(kind => namesOf(lab, kind).map(name => `${kind}/${name}`))
