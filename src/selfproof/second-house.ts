import { spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  symlinkSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { HANG } from '../machine/bounds.ts'
import { house } from '../run/house.ts'

/** What a command came to. */
export interface Ended {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
}

/** A command that is running. */
export interface Running {
  readonly pid: number
  /** Resolves with what stdout holds so far, as soon as it matches. Rejects when the command ends first. */
  says(pattern: RegExp): Promise<string>
  kill(signal: NodeJS.Signals): void
  readonly ended: Promise<Ended>
}

/** A copy of the kit in a temporary folder, where commands can be tried without touching anybody's notebook or starter. */
export interface SecondHouse {
  readonly directory: string
  /** What its commands have left in the system's temporary folder, which is its own too. */
  leftovers(): string[]
  run(...args: string[]): Promise<Ended>
  start(...args: string[]): Running
  /** Ends what still runs in it, and removes it. */
  remove(): Promise<void>
}

const rooms = [
  'src',
  'labs',
  'checks',
  'starter',
  'solutions',
  'docs',
  'package.json',
  'package-lock.json',
  'tsconfig.json',
  '.npmrc',
  '.gitignore',
]

/** How a house may differ from the ordinary. */
export interface HouseOptions {
  /** The environment of its commands; ours unless given. */
  readonly env?: NodeJS.ProcessEnv
  /** The system's temporary folder, as its commands are told; one of its own unless given. */
  readonly tmp?: string
  /** How long a command may run, in milliseconds: as long as anything may take, unless given. */
  readonly limit?: number
}

/** Builds one. Its packages are those of the first. */
export function secondHouse({ env = process.env, tmp, limit = HANG }: HouseOptions = {}): SecondHouse {
  const directory = realpathSync(mkdtempSync(join(tmpdir(), 'wslab-house-')))
  for (const room of rooms)
    cpSync(join(house, room), join(directory, room), {
      recursive: true,
      preserveTimestamps: true,
      filter: path => !/[\\/](cdk\.out|node_modules)$/.test(path),
    })
  mkdirSync(join(directory, 'tmp'))
  symlinkSync(join(house, 'node_modules'), join(directory, 'node_modules'), 'junction')

  const work = join(directory, '.wslab', 'work')
  const running = new Set<Running>()
  const start = (...args: string[]): Running => {
    const command = startIn(directory, args, { env, limit, tmp: tmp ?? join(directory, 'tmp') })
    running.add(command)
    void command.ended.then(() => running.delete(command))
    return command
  }
  return {
    directory,
    leftovers: () => [...readdirSync(join(directory, 'tmp')), ...(existsSync(work) ? readdirSync(work) : [])],
    start,
    run: (...args) => start(...args).ended,
    async remove() {
      // A test that failed may have left its command running.
      for (const command of running) command.kill('SIGKILL')
      await Promise.all([...running].map(command => command.ended))
      rmSync(directory, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 })
    },
  }
}

function startIn(
  directory: string,
  args: readonly string[],
  { env, tmp, limit }: { readonly env: NodeJS.ProcessEnv; readonly tmp: string; readonly limit: number },
): Running {
  const child = spawn(process.execPath, [join(directory, 'src', 'start.mjs'), ...args], {
    cwd: directory,
    env: { ...env, NO_COLOR: '1', TMPDIR: tmp, npm_lifecycle_event: undefined },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: limit,
    killSignal: 'SIGKILL',
  })
  let stdout = ''
  let stderr = ''
  const readers = new Set<() => void>()
  child.stdout.on('data', data => {
    stdout += data
    for (const read of readers) read()
  })
  child.stderr.on('data', data => {
    stderr += data
  })
  const ended = once(child, 'close').then(([code, signal]) => ({ code, signal, stdout, stderr }))

  return {
    pid: child.pid ?? 0,
    ended,
    kill: signal => void child.kill(signal),
    says(pattern) {
      return new Promise((resolve, reject) => {
        const read = () => {
          if (!pattern.test(stdout)) return
          readers.delete(read)
          resolve(stdout)
        }
        readers.add(read)
        read()
        void ended.then(({ code }) =>
          reject(new Error(`ended with ${code} before saying ${pattern}\n${stdout}\n${stderr}`)),
        )
      })
    },
  }
}
