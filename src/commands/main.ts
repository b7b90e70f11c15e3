import { exitCode } from '../report/exit-code.ts'
import { visibleLines } from '../report/visible-lines.ts'
import { isPackage } from '../run/house.ts'
import { asMeant } from './swallowed.ts'
import { troubleInWords } from './trouble.ts'
import { type Command, nearest, understand, usageOf, WrongUsage } from './usage.ts'

/** Every command. Only the one that is asked for is loaded: a list of labs need not wait for a cloud. */
const commands: Readonly<Record<string, () => Promise<Command>>> = {
  check: async () => (await import('./check.ts')).check,
  grade: async () => (await import('./grade.ts')).grade,
  start: async () => (await import('./start.ts')).start,
  up: async () => (await import('./up.ts')).up,
  hint: async () => (await import('./hint.ts')).hint,
  explain: async () => (await import('./explain.ts')).explain,
  diff: async () => (await import('./diff.ts')).diff,
  reset: async () => (await import('./reset.ts')).reset,
  labs: async () => (await import('./labs.ts')).labs,
  doctor: async () => (await import('./doctor.ts')).doctor,
  destroy: async () => (await import('./destroy.ts')).destroy,
  bench: async () => (await import('./bench.ts')).bench,
  test: async () => (await import('./test.ts')).test,
  conformance: async () => (await import('./conformance.ts')).conformance,
  siege: async () => (await import('./siege.ts')).siege,
  prove: async () => (await import('./prove.ts')).prove,
  fix: async () => (await import('./fix.ts')).fix,
  starters: async () => (await import('./starters.ts')).starters,
  attendees: async () => (await import('./attendees.ts')).attendees,
  proof: async () => (await import('./proof.ts')).proof,
  mutants: async () => (await import('./mutants.ts')).mutants,
  lock: async () => (await import('./lock.ts')).lock,
  package: async () => (await import('./package.ts')).pack,
}

/** The commands of the package, in which there are no labs. */
const ofPackage: readonly string[] = ['up']

const names = Object.keys(commands).filter(name => !isPackage || ofPackage.includes(name))

/** Runs one command by its words, and answers with the code with which the process is to end. Never throws. */
export async function main([name = '', ...args]: readonly string[]): Promise<number> {
  try {
    if (commands[name] && !names.includes(name)) {
      throw new WrongUsage(
        `${name} is for the labs, which are not in this package. Clone the kit for them. Here there is: ${names.join(', ')}`,
      )
    }
    const command = await commands[name]?.()
    if (command && args.some(arg => arg === '--help' || arg === '-h')) {
      process.stdout.write(`${usageOf(name, command)}\n`)
      return exitCode.pass
    }
    if (command) return await command.run(understand(name, command, asMeant(name, command, args)))
    if (/^(|help|--help|-h)$/.test(name)) {
      process.stdout.write(
        `npx wslab COMMAND …${isPackage ? '' : ', or npm run COMMAND -- …'}\nCommands: ${names.join(', ')}\nnpx wslab COMMAND --help says how a command is called.\n`,
      )
      return name === '' ? exitCode.usage : exitCode.pass
    }
    throw new WrongUsage(
      `There is no command ${name}.${nearest(name, names)}\nThere are: ${names.join(', ')}`,
    )
  } catch (error) {
    process.stderr.write(`${visibleLines(troubleInWords(error))}\n`)
    return error instanceof WrongUsage ? exitCode.usage : exitCode.error
  }
}
