import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'
import { labs } from '../../labs/index.ts'
import { isPart } from '../run/folder.ts'
import { house } from '../run/house.ts'
import { asStored, storedStarter } from '../run/published-starter.ts'
import type { Command } from './usage.ts'

/** Stores each starter as it stands, for `reset` and `--from`. For those who work on the kit. */
export const starters: Command = {
  synopsis: '',
  about: 'stores the published starters (for those who work on the kit)',
  mostWords: 0,
  options: {},
  async run() {
    for (const { id } of labs) await writeFile(storedStarter(id), asStored(await starterAsItStands(id)))
    process.stdout.write('Stored in labs/*/starter.json.\n')
    return 0
  },
}

/** The files of a starter in the working tree, by path. */
export async function starterAsItStands(lab: string): Promise<ReadonlyMap<string, string>> {
  const folder = join(house, 'starter', lab)
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const paths = entries
    .filter(entry => entry.isFile())
    .map(entry => relative(folder, join(entry.parentPath, entry.name)).split(sep))
    .filter(parts => parts.every(isPart))
    .map(parts => parts.join('/'))
  return new Map(
    await Promise.all(paths.map(async path => [path, await textOf(join(folder, path))] as const)),
  )
}

async function textOf(file: string): Promise<string> {
  const content = await readFile(file)
  const text = content.toString('utf8')
  if (Buffer.from(text).equals(content)) return text
  throw new Error(`${file} is not UTF-8 text, and a starter is stored as text.`)
}
