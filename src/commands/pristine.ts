import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { house } from '../run/house.ts'

const run = promisify(execFile)

/** The starter cannot be put back. Its message says why and what to do. */
export class NoPristine extends Error {}

/** `labs/starters.json` holds the git tree of each starter as it was published: whatever a learner commits later, git still has it. */
export const starters = join(house, 'labs', 'starters.json')

/**
 * The files of a starter as they were published, by path.
 *
 * @throws NoPristine when this folder is no git clone, or its history does not hold them.
 */
export async function pristine(lab: string): Promise<Map<string, Buffer>> {
  const tree: string | undefined = JSON.parse(await readFile(starters, 'utf8'))[lab]
  if (!tree) throw new NoPristine(`labs/starters.json does not know ${lab}.`)

  const listing = await git(['ls-tree', '-r', '-z', '--full-tree', tree]).catch(error => {
    throw new NoPristine(
      `Git does not have the original of starter/${lab} (${String(error.message).trim().split('\n').at(-1)}).\nGet it from a fresh clone of this kit.`,
    )
  })
  const files = new Map<string, Buffer>()
  for (const entry of listing.toString().split('\0').filter(Boolean)) {
    const [about = '', path = ''] = entry.split('\t')
    files.set(path, await git(['cat-file', 'blob', about.split(' ')[2] ?? '']))
  }
  return files
}

async function git(args: readonly string[]): Promise<Buffer> {
  const { stdout } = await run('git', [...args], {
    cwd: house,
    encoding: 'buffer',
    maxBuffer: 16 * 1024 * 1024,
  })
  return stdout
}
