import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { house } from './house.ts'

/** The stored starter of a lab cannot be read. Its message says what to do. */
export class NoPublishedStarter extends Error {}

/** Where the published starter of a lab is stored: each path with its lines. `npm run starters` writes it. */
export const storedStarter = (lab: string): string => join(house, 'labs', lab, 'starter.json')

/** The text of the stored file for these files. One line of code is one line of JSON, so that a change reads as one. */
export function asStored(files: ReadonlyMap<string, string>): string {
  const sorted = [...files].sort(([one], [other]) => (one < other ? -1 : 1))
  return `${JSON.stringify(Object.fromEntries(sorted.map(([path, text]) => [path, text.split('\n')])), null, 1)}\n`
}

/**
 * The files of a starter as they were published, by path (with `/`). A learner edits `starter/`; this stays.
 *
 * @throws NoPublishedStarter when the stored file is missing or damaged.
 */
export async function publishedStarter(lab: string): Promise<ReadonlyMap<string, string>> {
  const stored = await readFile(storedStarter(lab), 'utf8').then(JSON.parse).catch(unreadable)
  return new Map(Object.entries<string[]>(stored).map(([path, lines]) => [path, lines.join('\n')]))

  function unreadable({ message }: Error): never {
    throw new NoPublishedStarter(
      `The original of starter/${lab} cannot be read from labs/${lab}/starter.json (${message}).\nGet that file from a fresh copy of this kit.`,
    )
  }
}
