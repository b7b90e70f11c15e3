import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** What has been, or is about to be, made in an account: enough for `destroy` to finish what was interrupted. */
export interface Made {
  readonly version: 1
  readonly lab: string
  readonly stackName: string
  readonly attendee: string
  readonly accountId: string
  readonly region: string
  readonly profile: string
  /** Where, if not on AWS. */
  readonly endpoint?: string
  readonly bucket: string
  /** When, ISO 8601. */
  readonly since: string
}

/** The notes on what is in whose account, a file for each stack in a folder. Git ignores it. */
export interface Manifest {
  /** Notes it, before it is made. What was noted of the same stack before is kept, but for the bucket. */
  note(made: Made): Promise<void>
  strike(made: Made): Promise<void>
  /** Everything noted. A note that cannot be read is none. */
  read(): Promise<readonly Made[]>
  /** Where a note is. */
  fileOf(made: Made): string
}

/** The manifest in a folder, which need not be there yet. */
export function manifestIn(folder: string): Manifest {
  const fileOf = ({ accountId, region, stackName }: Made) =>
    join(folder, `${accountId}-${region}-${stackName}.json`)

  return {
    fileOf,
    async note(made) {
      await mkdir(folder, { recursive: true })
      const file = fileOf(made)
      const since = (await readNote(file))?.since ?? made.since
      // Written beside and renamed: an interrupted write loses nothing.
      const draft = `${file}.${process.pid}`
      await writeFile(draft, `${JSON.stringify({ ...made, since }, null, 2)}\n`)
      await rename(draft, file)
    },
    strike: made => rm(fileOf(made), { force: true }),
    async read() {
      if (!existsSync(folder)) return []
      const files = (await readdir(folder)).filter(file => file.endsWith('.json')).sort()
      const notes = await Promise.all(files.map(file => readNote(join(folder, file))))
      return notes.filter(note => note !== undefined)
    },
  }
}

async function readNote(file: string): Promise<Made | undefined> {
  try {
    const note = JSON.parse(await readFile(file, 'utf8'))
    return note.version === 1 && typeof note.stackName === 'string' ? note : undefined
  } catch {
    return undefined
  }
}
