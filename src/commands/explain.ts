import { hasFault } from '#kit'
import { labs } from '../../labs/index.ts'
import { remembered } from '../run/progress.ts'
import { pageInWords } from './page-in-words.ts'
import { type Command, labNamed, shortName } from './usage.ts'

/** What was wrong, and why: after a pass, or to somebody who wants it spoilt. */
export const explain: Command = {
  synopsis: '<lab> [--spoil]',
  about: 'what was wrong, and why, after a pass',
  mostWords: 1,
  options: { spoil: { type: 'boolean' } },
  async run({ words, flags }) {
    const lab = labNamed(words[0], labs)
    const short = shortName(lab.id)
    if (hasFault(lab) && !(await remembered())[lab.id]?.passed && !flags.spoil) {
      process.stdout.write(
        `This tells what is wrong, and ${lab.id} has not passed yet.\nA hint: npm run hint -- ${short}\nTell it all the same: npm run explain -- ${short} --spoil\n`,
      )
      return 1
    }
    process.stdout.write(
      `${await pageInWords(lab.explanation)}\n\n(${lab.explanation})\n${hasFault(lab) ? `Compare with the solution: npm run diff -- ${short}\n` : ''}`,
    )
    return 0
  },
}
