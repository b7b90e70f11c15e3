import { painter, wantsColour } from '../report/paint.ts'
import { type Diagnosis, examinations } from './examinations.ts'
import { type Command, WrongUsage } from './usage.ts'

/** Says whether this machine is ready. Exit code 0: it is · 1: you can mend it, and how · 2: somebody else must. */
export const doctor: Command = {
  synopsis: '',
  about: 'is this machine ready?',
  options: { target: { type: 'string' } },
  async run({ flags }) {
    if (flags.target !== undefined && flags.target !== 'local') {
      throw new WrongUsage(
        `--target ${flags.target} is not available in this version. The local cloud is: leave --target out.`,
      )
    }
    const paint = painter(wantsColour(process.stdout))
    const marks = {
      ready: paint.green('✓'),
      optional: paint.yellow('·'),
      yours: paint.red('✗'),
      theirs: paint.red('✗'),
    }
    const found: Diagnosis[] = []
    for (const { name, examine } of examinations) {
      const diagnosis = await examine()
      found.push(diagnosis)
      process.stdout.write(`${marks[diagnosis.kind]} ${name.padEnd(22)} ${diagnosis.says}\n`)
      if (diagnosis.cure) process.stdout.write(`  ${''.padEnd(22)} ${diagnosis.cure}\n`)
    }
    const has = (kind: Diagnosis['kind']) => found.some(one => one.kind === kind)
    const [code, words] = has('theirs')
      ? [2, 'Not ready, and not yours to mend: show this to whoever runs the machine or the kit.']
      : has('yours')
        ? [1, 'Not ready yet: what is marked above can be mended here.']
        : [0, 'Ready. Start with: npm run check -- lab1']
    process.stdout.write(`\n${words}\n`)
    return code
  },
}
