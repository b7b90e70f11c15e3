import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { house } from '../run/house.ts'
import type { Command } from './usage.ts'

const require = createRequire(import.meta.url)

/** The kit's own tests, in the order in which a mistake is found cheapest. */
const steps: readonly {
  readonly name: string
  readonly program: readonly [string, string]
  readonly args: readonly string[]
}[] = [
  { name: 'types', program: ['typescript', 'bin/tsc'], args: ['--project', '.'] },
  { name: 'types of the starters', program: ['typescript', 'bin/tsc'], args: ['--project', 'starter'] },
  { name: 'types of the solutions', program: ['typescript', 'bin/tsc'], args: ['--project', 'solutions'] },
  {
    name: 'lint and format',
    program: ['@biomejs/biome', 'bin/biome'],
    args: ['check', '--error-on-warnings', '.'],
  },
  {
    name: 'docs lint',
    program: ['markdownlint-cli', 'markdownlint.js'],
    args: ['--ignore', 'node_modules', '--ignore', '.wslab', '**/*.md'],
  },
  { name: 'tests', program: ['vitest', 'vitest.mjs'], args: ['run'] },
]

/** Runs every test of the kit, or the vitest files whose names are given. */
export const test: Command = {
  synopsis: '[file]...',
  about: 'types, lint, docs lint, and every test',
  options: {},
  async run({ words }) {
    const chosen = words.length > 0 ? steps.slice(-1) : steps
    for (const { name, program, args } of chosen) {
      process.stdout.write(`\n── ${name}\n`)
      const code = await node([program, ...args, ...words])
      if (code !== 0) {
        process.stderr.write(`\n${name}: failed (exit code ${code}).\n`)
        return 1
      }
    }
    return 0
  },
}

async function node([[pack, path], ...args]: [readonly [string, string], ...string[]]): Promise<number> {
  const program = join(dirname(require.resolve(`${pack}/package.json`)), path)
  const child = spawn(process.execPath, [program, ...args], {
    cwd: house,
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  const [code] = await once(child, 'close')
  return code ?? 1
}
