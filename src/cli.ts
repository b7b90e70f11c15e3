import { troubleInWords } from './commands/trouble.ts'
import { type Command, nearest, understand, usageOf, WrongUsage } from './commands/usage.ts'
import { exitCode } from './report/exit-code.ts'

/** Every command. Only the one that is asked for is loaded: a list of labs need not wait for a cloud. */
const commands: Readonly<Record<string, () => Promise<Command>>> = {
  check: async () => (await import('./commands/check.ts')).check,
  up: async () => (await import('./commands/up.ts')).up,
  hint: async () => (await import('./commands/hint.ts')).hint,
  diff: async () => (await import('./commands/diff.ts')).diff,
  reset: async () => (await import('./commands/reset.ts')).reset,
  labs: async () => (await import('./commands/labs.ts')).labs,
  doctor: async () => (await import('./commands/doctor.ts')).doctor,
  destroy: async () => (await import('./commands/destroy.ts')).destroy,
  bench: async () => (await import('./commands/bench.ts')).bench,
  test: async () => (await import('./commands/test.ts')).test,
  conformance: async () => (await import('./commands/conformance.ts')).conformance,
  siege: async () => (await import('./commands/siege.ts')).siege,
  prove: async () => (await import('./commands/prove.ts')).prove,
  fix: async () => (await import('./commands/fix.ts')).fix,
  starters: async () => (await import('./commands/starters.ts')).starters,
  attendees: async () => (await import('./commands/attendees.ts')).attendees,
  proof: async () => (await import('./commands/proof.ts')).proof,
  mutants: async () => (await import('./commands/mutants.ts')).mutants,
  lock: async () => (await import('./commands/lock.ts')).lock,
}

process.exitCode = await main(process.argv.slice(2))

async function main([name = '', ...args]: readonly string[]): Promise<number> {
  try {
    const command = await commands[name]?.()
    if (command && args.some(arg => arg === '--help' || arg === '-h')) {
      process.stdout.write(`${usageOf(name, command)}\n`)
      return exitCode.pass
    }
    if (command) return await command.run(understand(name, command, args))
    const names = Object.keys(commands)
    throw new WrongUsage(
      `There is no command ${name}.${nearest(name, names)}\nThere are: ${names.join(', ')}`,
    )
  } catch (error) {
    process.stderr.write(`${troubleInWords(error)}\n`)
    return error instanceof WrongUsage ? exitCode.usage : exitCode.error
  }
}
