import type { Finding, Lab } from '#kit'
import { labs } from '../../labs/index.ts'
import { section } from '../report/section.ts'
import { remember, remembered } from './progress.ts'
import { type Command, labNamed, shortName } from './usage.ts'

/** Gives the next hint: chosen by what the last check saw, stronger each time it is asked for. */
export const hint: Command = {
  synopsis: '<lab>',
  about: 'the next hint, chosen by what the last check saw',
  mostWords: 1,
  options: {},
  async run({ words }) {
    const lab = labNamed(words[0], labs)
    const { last, hints = {} } = (await remembered())[lab.id] ?? {}
    if (last?.verdict === 'pass') {
      process.stdout.write(`${lab.id} is fixed. What was wrong, and why: ${lab.explanation}\n`)
      return 0
    }

    const broken = last?.criteria.find(one => one.verdict === 'fail')
    const id = broken?.id ?? lab.starterBreaks[0] ?? ''
    const ladder = ladderFor(lab, broken, id)
    const level = Math.min(hints[id] ?? 0, ladder.length - 1)
    const place = ladder[level] ?? ''

    if (!last)
      process.stdout.write(
        `No check has been run yet (npm run check -- ${shortName(lab.id)}); this is for the untouched starter.\n\n`,
      )
    process.stdout.write(`${await section(place)}\n`)
    process.stdout.write(
      level < ladder.length - 1
        ? `\nHint ${level + 1} of ${ladder.length} (${place}). The next one says more: npm run hint -- ${shortName(lab.id)}\n`
        : `\nHint ${level + 1} of ${ladder.length} (${place}). This was the last one.\n`,
    )
    await remember(lab.id, { hints: { ...hints, [id]: level + 1 } })
    return 0
  },
}

/** A criterion's own ladder of hints; where the stack never came up, the page on that. */
const ladderFor = (lab: Lab, broken: Finding | undefined, id: string): readonly string[] =>
  lab.hints[id] ?? [broken?.hint ?? lab.criteria.find(one => one.id === id)?.hint ?? lab.explanation]
