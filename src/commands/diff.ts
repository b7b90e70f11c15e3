import { visible } from '#kit'
import { labs } from '../../labs/index.ts'
import { toTheSolution } from '../fixes/to-the-solution.ts'
import { type Paint, painter, wantsColour } from '../report/paint.ts'
import { remembered } from '../run/progress.ts'
import { type Command, labNamed, shortName } from './usage.ts'

/** Shows the starter against the solution: after a pass, or to somebody who wants it spoilt. */
export const diff: Command = {
  synopsis: '<lab> [--spoil]',
  about: 'your starter against the solution, after a pass',
  mostWords: 1,
  options: { spoil: { type: 'boolean' } },
  async run({ words, flags }) {
    const lab = labNamed(words[0], labs)
    const passed = (await remembered())[lab.id]?.passed
    if (!passed && !flags.spoil) {
      process.stdout.write(
        `This shows the solution, and ${lab.id} has not passed yet.\nA hint: npm run hint -- ${shortName(lab.id)}\nShow it all the same: npm run diff -- ${shortName(lab.id)} --spoil\n`,
      )
      return 1
    }
    const difference = toTheSolution(lab)
    const paint = painter(wantsColour(process.stdout))
    process.stdout.write(
      difference ? painted(difference, paint) : `Your ${lab.id} is the solution, to the letter.\n`,
    )
    return 0
  },
}

const painted = (difference: string, paint: Paint): string =>
  difference
    .split('\n')
    .map(visible)
    .map(line => {
      if (/^(---|\+\+\+) /.test(line)) return paint.bold(line)
      if (line.startsWith('@@')) return paint.dim(line)
      if (line.startsWith('+')) return paint.green(line)
      return line.startsWith('-') ? paint.red(line) : line
    })
    .join('\n')
