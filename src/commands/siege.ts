import { exitCode } from '../report/exit-code.ts'
import { attacks } from '../selfproof/hostile-sockets/attacks.ts'
import { heading, row } from '../selfproof/hostile-sockets/report.ts'
import { startSiege } from '../selfproof/hostile-sockets/siege.ts'
import { complaints } from '../selfproof/hostile-sockets/verdict.ts'
import { withSession } from './session.ts'
import { type Command, type CommandLine, WrongUsage } from './usage.ts'

/** Attacks a local cloud by its sockets, and says how it stood that. */
export const siege: Command = {
  synopsis: '[attack]... [--quick]',
  about: 'attacks a local cloud by its sockets, with figures; ten minutes, or half a minute with --quick',
  mostWords: Number.POSITIVE_INFINITY,
  options: { quick: { type: 'boolean' } },
  run: line =>
    withSession(async session => {
      const chosen = chosenBy(line)
      const laid = session.closes(await startSiege(), one => one.stop())
      process.stdout.write(`${heading}\n`)
      let wrong = 0
      for (const attack of chosen) {
        const outcome = await laid.lay(attack, attack.sizes[line.flags.quick ? 'reduced' : 'full'])
        process.stdout.write(`${row(outcome)}\n`)
        wrong += complaints(outcome).length
      }
      return wrong > 0 ? exitCode.error : exitCode.pass
    }),
}

function chosenBy({ words }: CommandLine) {
  const chosen = attacks.filter(({ name }) => words.length === 0 || words.some(word => name.includes(word)))
  if (chosen.length > 0) return chosen
  throw new WrongUsage(
    `There is no attack ${words.join(' ')}.\nThere are: ${attacks.map(({ name }) => name).join(', ')}`,
  )
}
