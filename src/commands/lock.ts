import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { house } from '../run/house.ts'
import { type LockFile, missingFrom } from './lock-file.ts'
import type { Command } from './usage.ts'

/** Adds to package-lock.json the programs for platforms that the registry at hand did not hold. For those who work on the kit. */
export const lock: Command = {
  synopsis: '',
  about: "completes package-lock.json with other platforms' programs (for those who work on the kit)",
  mostWords: 0,
  options: {},
  async run() {
    const file = join(house, 'package-lock.json')
    const content: LockFile = JSON.parse(await readFile(file, 'utf8'))
    const missing = missingFrom(content)
    const added = missing.map(({ name, locked }) => [`node_modules/${name}`, locked] as const)
    const packages = [...Object.entries(content.packages), ...added].sort(([a], [b]) => (a < b ? -1 : 1))
    await writeFile(
      file,
      `${JSON.stringify({ ...content, packages: Object.fromEntries(packages) }, null, 2)}\n`,
    )
    process.stdout.write(`${missing.length} added to package-lock.json.\n`)
    return 0
  },
}
