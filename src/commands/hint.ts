import { labs } from '../../labs/index.ts'
import { section } from '../report/section.ts'
import { ladderFor } from '../run/hints.ts'
import { remember, remembered } from '../run/progress.ts'
import { type Command, labNamed, shortName } from './usage.ts'

/** Gives the next hint: chosen by what the last check saw, stronger each time it is asked for. */
export const hint: Command = {
  synopsis: '<lab>',
  about: 'the next hint, chosen by what the last check saw',
  options: {},
  async run({ words }) {
    const lab = labNamed(words[0], labs)
    const { last, hints = {} } = (await remembered())[lab.id] ?? {}
    if (last?.verdict === 'pass') {
      process.stdout.write(`${lab.id} is fixed. What was wrong, and why: ${lab.explanation}\n`)
      return 0
    }

    const { criterion, places, given } = ladderFor(lab, { ...(last && { last }), hints })
    const level = Math.min(given, places.length - 1)
    const place = places[level] ?? ''

    if (!last)
      process.stdout.write(
        `No check has been run yet (npm run check -- ${shortName(lab.id)}); this is for the untouched starter.\n\n`,
      )
    process.stdout.write(`${await section(place)}\n`)
    process.stdout.write(
      level < places.length - 1
        ? `\nHint ${level + 1} of ${places.length} (${place}). The next one says more: npm run hint -- ${shortName(lab.id)}\n`
        : `\nHint ${level + 1} of ${places.length} (${place}). This was the last one.\n`,
    )
    await remember(lab.id, { hints: { ...hints, [criterion]: level + 1 } })
    return 0
  },
}
