import { type Criterion, hasFault, type Lab } from '#kit'
import { labs } from '../../labs/index.ts'
import { ladderFor } from '../run/hints.ts'
import { remember, remembered } from '../run/progress.ts'
import { fitted, pageInWords } from './page-in-words.ts'
import { type Command, labNamed, nearest, shortName, WrongUsage } from './usage.ts'

/** Gives the next hint: chosen by what the last check saw, or for a promise that is named; stronger each time. */
export const hint: Command = {
  synopsis: '<lab> [<promise>]',
  about: 'the next hint, chosen by what the last check saw, or for one promise',
  mostWords: 2,
  options: {},
  async run({ words: [word, promise] }) {
    const lab = labNamed(word, labs)
    const asked = promise === undefined ? undefined : promiseNamed(promise, lab)
    const { last, hints = {} } = (await remembered())[lab.id] ?? {}
    if (!asked && last?.verdict === 'pass') {
      process.stdout.write(
        `${lab.id} ${hasFault(lab) ? 'is fixed. What was wrong, and why' : 'keeps all its promises. What you have seen'}: npm run explain -- ${shortName(lab.id)} (${lab.explanation})\n`,
      )
      return 0
    }

    const notes = { ...(last && { last }), hints }
    const { criterion: id, places: ladder, given } = ladderFor(lab, notes, asked?.id)
    const level = Math.min(given, ladder.length - 1)
    const place = ladder[level] ?? ''

    if (!last && !asked)
      process.stdout.write(
        `No check has been run yet (npm run check -- ${shortName(lab.id)}); this is for the untouched starter.\n\n`,
      )
    const again = [`npm run hint -- ${shortName(lab.id)}`, ...(asked ? [asked.id] : [])].join(' ')
    process.stdout.write(`${await pageInWords(place)}\n`)
    const more = level < ladder.length - 1 ? `The next one says more: ${again}` : 'This was the last one.'
    process.stdout.write(fitted(`\nHint ${level + 1} of ${ladder.length} (${place}). ${more}\n`))
    await remember(lab.id, { hints: { ...hints, [id]: level + 1 } })
    return 0
  },
}

/** Finds a promise by its id, or by words of what it says. @throws WrongUsage with the list. */
function promiseNamed(word: string, { criteria, id: lab }: Lab): Criterion {
  const exact = criteria.find(({ id }) => id === word)
  const alike = criteria.filter(({ says }) => says.toLowerCase().includes(word.toLowerCase()))
  const found = exact ?? (alike.length === 1 ? alike[0] : undefined)
  if (found) return found
  const list = criteria.map(({ id, says }) => `  ${id}: ${says}`).join('\n')
  const meant = nearest(
    word,
    criteria.map(({ id }) => id),
  )
  throw new WrongUsage(`${lab} has no promise ${word}.${meant}\nThere are:\n${list}`)
}
