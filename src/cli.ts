import { bench } from './commands/bench.ts'
import { check } from './commands/check.ts'
import { diff } from './commands/diff.ts'
import { doctor } from './commands/doctor.ts'
import { hint } from './commands/hint.ts'
import { labs } from './commands/labs.ts'
import { lock } from './commands/lock.ts'
import { reset } from './commands/reset.ts'
import { starters } from './commands/starters.ts'
import { test } from './commands/test.ts'
import { troubleInWords } from './commands/trouble.ts'
import { up } from './commands/up.ts'
import { type Command, nearest, understand, WrongUsage } from './commands/usage.ts'
import { exitCode } from './report/exit-code.ts'

const commands: Readonly<Record<string, Command>> = {
  check,
  up,
  hint,
  diff,
  reset,
  labs,
  doctor,
  bench,
  test,
  starters,
  lock,
}

process.exitCode = await main(process.argv.slice(2))

async function main([name = '', ...args]: readonly string[]): Promise<number> {
  try {
    const command = commands[name]
    if (command) return await command.run(understand(name, command, args))
    throw new WrongUsage(`There is no command ${name}.${nearest(name, Object.keys(commands))}\n${overview()}`)
  } catch (error) {
    process.stderr.write(`${troubleInWords(error)}\n`)
    return error instanceof WrongUsage ? exitCode.usage : exitCode.error
  }
}

function overview(): string {
  return Object.entries(commands)
    .map(([name, { synopsis, about }]) => `  npm run ${name} -- ${synopsis}\n      ${about}`)
    .join('\n')
}
