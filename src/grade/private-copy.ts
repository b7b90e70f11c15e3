import { chmod, copyFile, mkdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Lab } from '#kit'
import { filesHandedIn } from '../run/hand-in.ts'
import type { Prepared } from './prepare.ts'

/**
 * Copies what was handed in, and nothing else that lies beside it, below `folder`. In a sandbox another user reads it, so
 * everybody may.
 */
export async function privateCopy(
  lab: Lab,
  { cwd, from, unchanged }: Prepared,
  folder: string,
): Promise<Prepared> {
  const top = join(folder, 'handed-in')
  const files = await filesHandedIn(lab, { kind: 'from', directory: join(cwd, from), given: from })
  for (const [path, file] of files) {
    const place = join(top, from, path)
    for (let above = dirname(place); above.length >= top.length; above = dirname(above)) {
      await mkdir(above, { recursive: true })
      await chmod(above, 0o755)
    }
    await copyFile(file, place)
    await chmod(place, 0o644)
  }
  return { cwd: top, from, unchanged }
}
