import { relative } from 'node:path'
import { visible } from '#kit'
import { house } from '../run/house.ts'
import { watchSaves } from '../run/saves.ts'
import type { Session } from './session.ts'

/** Checks again whenever the learner saves, until interrupted. A save in the middle of a check is followed by another. */
export async function watching(
  folder: string,
  recheck: () => Promise<unknown>,
  session: Session,
): Promise<void> {
  const saves = await watchSaves(folder)
  void session.interrupted.then(saves.close)
  for (;;) {
    await recheck()
    process.stdout.write(`\nWatching ${relative(house, folder)} (Ctrl-C ends it)\n`)
    const changes = await saves.next()
    if (!changes) return
    process.stdout.write(`\n${new Date().toTimeString().slice(0, 8)} ${visible(severalInWords(changes))}\n`)
  }
}

/** The most changed files that are named: after a `git checkout` there may be dozens. */
const MOST_NAMED = 3

const severalInWords = (changes: readonly string[]): string => {
  const more = changes.length - MOST_NAMED
  return `${changes.slice(0, MOST_NAMED).join(', ')}${more > 0 ? `, and ${more} more` : ''}`
}
