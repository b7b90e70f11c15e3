import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { labs } from '../../labs/index.ts'
import { wantsColour } from '../report/paint.ts'
import { house } from '../run/house.ts'
import { remembered } from './progress.ts'
import { type Command, labNamed, shortName } from './usage.ts'

/** Shows the starter against the solution: after a pass, or to somebody who wants it spoilt. */
export const diff: Command = {
  synopsis: '<lab> [--spoil]',
  about: 'your starter against the solution, after a pass',
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
    const colour = wantsColour(process.stdout) ? 'always' : 'never'
    const git = spawn(
      'git',
      ['--no-pager', 'diff', '--no-index', `--color=${colour}`, `starter/${lab.id}`, `solutions/${lab.id}`],
      { cwd: house, stdio: ['ignore', 'inherit', 'inherit'] },
    )
    const [code] = await once(git, 'close')
    // git's own exit code says whether they differ.
    if (code === 0) process.stdout.write(`Your ${lab.id} is the solution, to the letter.\n`)
    return code <= 1 ? 0 : 2
  },
}
