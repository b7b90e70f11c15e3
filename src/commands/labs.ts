import { hasFault } from '#kit'
import { labs as all } from '../../labs/index.ts'
import { painter, wantsColour } from '../report/paint.ts'
import { type Remembered, remembered } from '../run/progress.ts'
import type { Command } from './usage.ts'

/** Lists the labs, and how far one has come. */
export const labs: Command = {
  synopsis: '',
  about: 'lists the labs, with progress',
  mostWords: 0,
  options: {},
  async run() {
    const paint = painter(wantsColour(process.stdout))
    const notes = await remembered()
    for (const lab of all) {
      const { id, title, about } = lab
      const [mark, state] = progress(notes[id], hasFault(lab) ? 'fixed' : 'done')
      process.stdout.write(
        `${mark} ${paint.bold(id.padEnd(28))} ${title}\n  ${''.padEnd(28)} ${about} ${paint.dim(`(${state})`)}\n`,
      )
    }
    process.stdout.write('\nStart one: npm run check -- lab0\n')
    return 0
  },
}

function progress(note: Remembered | undefined, done: string): [mark: string, state: string] {
  if (note?.passed) return ['✓', `${done} on ${note.passed.slice(0, 10)}`]
  const kept = note?.last?.criteria.filter(one => one.verdict === 'pass').length
  return note?.last ? ['·', `${kept} of ${note.last.criteria.length} promises kept`] : [' ', 'not tried']
}
