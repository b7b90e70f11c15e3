import { type ChildProcess, spawn } from 'node:child_process'
import { createRequire } from 'node:module'
import { delimiter } from 'node:path'
import type { Guardian } from '../cloud/guardian.ts'
import { HOME, listedEnvironment } from '../machine/environment.ts'
import { fenced } from '../machine/fence.ts'
import { cache } from './workspace.ts'

const require = createRequire(import.meta.url)

/** A process that synthesizes what it is sent, and how to be rid of it and of whatever it has started. */
export interface SynthWorker {
  readonly child: ChildProcess
  end(): void
}

/**
 * Starts `synth-worker.ts` in `directory`; `shortcut` is a folder to look for programs in first. In a sandbox it writes to
 * `outdir` and the cache only: the code and the compiler's settings beside it are judged as they were handed in.
 */
export function startSynthWorker(
  directory: string,
  shortcut: string,
  guardian: Guardian,
  outdir?: string,
): SynthWorker {
  const worker = require.resolve('./synth-worker.ts')
  const { program, args, env } = fenced(
    {
      program: process.execPath,
      args: ['--require', require.resolve('tsx/cjs'), '--eval', `require(${JSON.stringify(worker)})`],
      env: {
        // A bundler that CDK starts, npm for one, looks for its settings at home.
        ...listedEnvironment(HOME),
        // What tsx and CDK put into the temporary folder is a cache, and is to be ours.
        TMPDIR: cache,
        TEMP: cache,
        TMP: cache,
        PATH: `${shortcut}${delimiter}${process.env.PATH ?? ''}`,
      },
    },
    { writes: [...(outdir ? [outdir] : []), cache] },
  )
  const child = spawn(program, args, {
    cwd: directory,
    env,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    // A process group of its own, so that a bundler it started can be ended with it.
    detached: process.platform !== 'win32',
  })
  const release = guardian.watchProcess(child.pid ?? 0)
  return {
    child,
    end() {
      kill(child)
      release()
    },
  }
}

function kill(child: ChildProcess): void {
  if (!child.pid) return
  try {
    process.kill(process.platform === 'win32' ? child.pid : -child.pid, 'SIGKILL')
  } catch {
    // It has ended by itself.
  }
}
