import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join, relative, resolve } from 'node:path'
import type { Guardian } from '../cloud/guardian.ts'
import { house } from './house.ts'
import type { Source } from './source.ts'
import { StackProblem } from './stack-problem.ts'

const require = createRequire(import.meta.url)

/** How long a type check may take, in milliseconds; it takes about one second. */
const TYPECHECK_TIMEOUT = 60_000
/** The most errors shown: the first is the one to mend. */
const MOST_ERRORS = 5

/**
 * Type-checks the code under test with the rules of `starter/tsconfig.json`, as the learner's editor does.
 *
 * @throws StackProblem naming file, line and TypeScript's own words.
 */
export async function typecheck(source: Source, workspace: string, guardian: Guardian): Promise<void> {
  const project = join(workspace, 'tsconfig.json')
  await writeFile(
    project,
    JSON.stringify({
      extends: join(house, 'starter', 'tsconfig.json'),
      include: [source.directory],
      exclude: ['**/cdk.out'],
    }),
  )
  const { code, output } = await tsc(['--pretty', 'false', '--project', project], guardian)
  if (code === 0) return

  const errors = [...output.matchAll(/^(.+?)\((\d+),\d+\): error (TS\d+: .+)$/gm)].map(
    ([, file = '', line, text]) => ({
      where: `${source.display(relative(source.directory, resolve(file)))}:${line}`,
      text: text ?? '',
    }),
  )
  const [first] = errors
  if (!first)
    throw new Error(
      `The TypeScript compiler ended with exit code ${code}: ${output.trim() || 'it said nothing'}`,
    )
  throw new StackProblem('compiles', {
    observed: first.text,
    evidence: errors.slice(0, MOST_ERRORS).map(error => `${error.where} ${error.text}`),
    means: 'TypeScript refuses the code, so there is nothing to deploy.',
    where: first.where,
  })
}

async function tsc(
  options: readonly string[],
  guardian: Guardian,
): Promise<{ code: number | null; output: string }> {
  const program = join(dirname(require.resolve('typescript/package.json')), 'bin', 'tsc')
  const child = spawn(process.execPath, [program, ...options], {
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: TYPECHECK_TIMEOUT,
    killSignal: 'SIGKILL',
  })
  const release = guardian.watchProcess(child.pid ?? 0)
  let output = ''
  child.stdout.on('data', data => {
    output += data
  })
  child.stderr.on('data', data => {
    output += data
  })
  try {
    const [code] = await once(child, 'close')
    return { code, output }
  } finally {
    release()
  }
}
