import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { labs } from '../../labs/index.ts'
import { house } from '../run/house.ts'
import { starters as file } from './pristine.ts'
import type { Command } from './usage.ts'

const run = promisify(execFile)

/** Notes each starter's git tree, so that `reset` finds it again whatever is committed later. For those who work on the kit. */
export const starters: Command = {
  synopsis: '',
  about: 'notes the published starters for reset (for those who work on the kit)',
  options: {},
  async run() {
    await writeFile(file, `${JSON.stringify(await starterTrees(), null, 2)}\n`)
    process.stdout.write('Noted in labs/starters.json.\n')
    return 0
  },
}

/** The git tree of each starter as it stands in the working tree. Writes nothing but git objects: the index is a scratch one. */
export async function starterTrees(): Promise<Record<string, string>> {
  const scratch = await mkdtemp(join(tmpdir(), 'wslab-index-'))
  const git = async (...args: string[]) => {
    const env = { ...process.env, GIT_INDEX_FILE: join(scratch, 'index') }
    return (await run('git', args, { cwd: house, env })).stdout.trim()
  }
  try {
    await git('add', '--', ...labs.map(lab => `starter/${lab.id}`))
    const root = await git('write-tree')
    const trees = labs.map(async ({ id }) => [id, await git('rev-parse', `${root}:starter/${id}`)])
    return Object.fromEntries(await Promise.all(trees))
  } finally {
    await rm(scratch, { recursive: true, force: true })
  }
}
