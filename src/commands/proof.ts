import { labs } from '../../labs/index.ts'
import { exitCode } from '../report/exit-code.ts'
import { proveOnAws } from '../selfproof/prove-on-aws.ts'
import { withSession } from './session.ts'
import { type Command, labNamed } from './usage.ts'

/** Proves a lab's check once more, with the target aws. `npm test` proves it in the local cloud. For those who work on the kit. */
export const proof: Command = {
  synopsis: '<lab>',
  about:
    "checks a lab's starter, solution and all fixes as with --target aws (for those who work on the kit)",
  mostWords: 1,
  options: {},
  run: ({ words }) =>
    withSession(async ({ guardian }) => {
      const lab = labNamed(words[0], labs)
      const counts = { 'as it should be': 0, 'not checked here': 0, otherwise: 0 }
      for await (const { name, outcome, because } of proveOnAws(lab, guardian)) {
        counts[outcome] += 1
        process.stdout.write(`${outcome.padEnd(16)} ${name}: ${because}\n`)
      }
      const total = Object.entries(counts).map(([outcome, count]) => `${count} ${outcome}`)
      process.stdout.write(`\n${lab.id}: ${total.join(', ')}\n`)
      return counts.otherwise > 0 ? exitCode.error : exitCode.pass
    }),
}
