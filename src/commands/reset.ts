import { cp, mkdir, readdir, rm, writeFile } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import type { Lab } from '#kit'
import { labs } from '../../labs/index.ts'
import { house } from '../run/house.ts'
import { forget, notebook } from '../run/progress.ts'
import { publishedStarter } from '../run/published-starter.ts'
import { type Command, labNamed, shortName } from './usage.ts'

/** Puts the starter back as it was published. The attempt is saved first, so that nothing is lost. */
export const reset: Command = {
  synopsis: '<lab>',
  about: 'puts the starter back, and hints and progress with it; your attempt is saved first',
  mostWords: 1,
  options: {},
  async run({ words }) {
    const lab = labNamed(words[0], labs)
    const files = await publishedStarter(lab.id)
    const saved = await save(lab)
    const folder = join(house, 'starter', lab.id)
    await rm(folder, { recursive: true, force: true })
    for (const [path, text] of files) {
      await mkdir(dirname(join(folder, path)), { recursive: true })
      await writeFile(join(folder, path), text)
    }
    await forget(lab.id)
    process.stdout.write(
      `starter/${lab.id} is as it was, and hints begin with the first.\nYour attempt: ${saved}\nCheck it again any time: npm run check -- ${shortName(lab.id)} --from ${saved}\n`,
    )
    return 0
  },
}

/** Copies the starter into the notebook, under the hour. */
async function save(lab: Lab): Promise<string> {
  const attempts = join(notebook, 'attempts', lab.id)
  await mkdir(attempts, { recursive: true })
  const taken = new Set(await readdir(attempts))
  const hour = new Date().toISOString().slice(0, 19).replaceAll(':', '-')
  const name = [hour, ...Array.from({ length: 99 }, (_, index) => `${hour}-${index + 2}`)].find(
    one => !taken.has(one),
  )
  const folder = join(attempts, name ?? `${hour}-${process.pid}`)
  await cp(join(house, 'starter', lab.id), folder, {
    recursive: true,
    filter: path => !/(^|[\\/])(node_modules|cdk\.out)([\\/]|$)/.test(relative(house, path)),
  })
  return relative(house, folder)
}
