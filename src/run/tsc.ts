import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import type { Guardian } from '../cloud/guardian.ts'
import { listedEnvironment } from '../machine/environment.ts'
import { fenced } from '../machine/fence.ts'
import { house } from './house.ts'
import type { Source } from './source.ts'

const require = createRequire(import.meta.url)

/** How long a type check may take until it counts as hung, in milliseconds; it takes about one second. */
const TYPECHECK_TIMEOUT = 300_000

/** How the compiler ended, and what it said. */
export interface Compiled {
  /** `null` when it was ended by a signal: it took too long, or too much. */
  readonly code: number | null
  readonly output: string
}

/** Writes the project file by which code is type-checked: the rules of `starter/tsconfig.json`, as in the learner's editor. */
export async function projectFor(source: Source, workspace: string): Promise<string> {
  const project = join(workspace, 'tsconfig.json')
  await writeFile(
    project,
    JSON.stringify({
      extends: join(house, 'starter', 'tsconfig.json'),
      include: [source.directory],
      exclude: ['**/cdk.out'],
    }),
  )
  return project
}

/** Runs the TypeScript compiler. */
export async function tsc(
  options: readonly string[],
  guardian: Guardian,
  timeout = TYPECHECK_TIMEOUT,
): Promise<Compiled> {
  const program = join(dirname(require.resolve('typescript/package.json')), 'bin', 'tsc')
  // It runs nobody's code. What it is given to read may still cost all the memory there is.
  const start = fenced(
    {
      program: process.execPath,
      args: [program, ...options, '--pretty', 'false'],
      env: listedEnvironment(),
    },
    {},
  )
  const child = spawn(start.program, start.args, {
    env: start.env,
    stdio: ['ignore', 'pipe', 'pipe'],
    // The package's program starts a native one. In a group of their own, both end together.
    detached: process.platform !== 'win32',
    windowsHide: true,
  })
  const release = guardian.watchProcess(child.pid ?? 0)
  const late = setTimeout(() => endGroup(child), timeout)
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
    clearTimeout(late)
    release()
  }
}

function endGroup({ pid }: ChildProcess): void {
  if (pid === undefined) return
  try {
    process.kill(process.platform === 'win32' ? pid : -pid, 'SIGKILL')
  } catch {
    // It has ended by itself.
  }
}

/** The errors in what the compiler said, each with its file as it was named there. */
export const errorsIn = (output: string): { file: string; line: string; text: string }[] =>
  [...output.matchAll(/^(.+?)\((\d+),\d+\): error (TS\d+: .+)$/gm)].map(
    ([, file = '', line = '', text = '']) => ({ file, line, text }),
  )
