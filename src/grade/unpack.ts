import { mkdir, readFile, stat, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { unzipSync } from 'fflate'
import { BadSource } from '../run/folder.ts'

/** The most that a ZIP may hold, unpacked, and the most files: a hand-in is some 25 files of text. */
const MOST_BYTES = 50 * 1024 * 1024
const MOST_FILES = 5_000
/** What belongs to no fix, and may be large. */
const NOT_PART = /(^|\/)(node_modules|\.git|cdk\.out|__MACOSX)\//

/**
 * Unpacks a ZIP into a folder. Links in it become files that hold where they lead.
 *
 * @throws BadSource when it is no ZIP, is too large, or holds a path that leads out of the folder.
 */
export async function unpack(zip: string, name: string, folder: string): Promise<void> {
  if ((await stat(zip)).size > MOST_BYTES) throw tooLarge(name)
  for (const [path, bytes] of Object.entries(entriesOf(await readFile(zip), name))) {
    if (path.endsWith('/')) continue
    const file = join(folder, path)
    try {
      await mkdir(dirname(file), { recursive: true })
      await writeFile(file, bytes)
    } catch (error) {
      throw new BadSource(`${name} cannot be unpacked: ${path} (${(error as { code?: string }).code}).`)
    }
  }
}

function entriesOf(zip: Uint8Array, name: string): Record<string, Uint8Array> {
  let bytes = 0
  let files = 0
  try {
    const entries = unzipSync(zip, {
      filter(entry) {
        const path = entry.name.replaceAll('\\', '/')
        if (NOT_PART.test(path)) return false
        if (/^\/|^[a-z]:|(^|\/)\.\.(\/|$)|\0/i.test(path))
          throw new BadSource(`${name} holds ${entry.name}, which leads out of the folder.`)
        bytes += entry.originalSize
        files += 1
        if (bytes > MOST_BYTES || files > MOST_FILES) throw tooLarge(name)
        return true
      },
    })
    return Object.fromEntries(Object.entries(entries).map(([path, one]) => [path.replaceAll('\\', '/'), one]))
  } catch (error) {
    if (error instanceof BadSource) throw error
    throw new BadSource(`${name} cannot be read as a ZIP (${(error as Error).message}).`)
  }
}

const tooLarge = (name: string): BadSource =>
  new BadSource(
    `${name} holds more than ${MOST_BYTES / 1024 / 1024} MB or ${MOST_FILES.toLocaleString('en')} files. A hand-in is the changed files only.`,
  )
