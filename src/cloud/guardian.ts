import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdirSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Writable } from 'node:stream'
import { fileURLToPath } from 'node:url'

/** Sees to it that no child process and no temporary folder outlives this process, however it ends. */
export interface Guardian {
  /**
   * Answers for a process: should we die, it is killed, and with it the process group it leads, if it leads one.
   * The answer takes it off the list; call it when the process has ended.
   */
  watchProcess(pid: number): () => void
  /** Makes an empty folder, in the system's temporary folder unless told where, and answers for it. The path has no links in it. */
  temporaryFolder(prefix: string, parent?: string): string
  /** Removes a folder made by `temporaryFolder`, now. */
  removeFolder(path: string): void
  /** Kills and removes what is still listed, and ends the guardian's process. */
  stop(): Promise<void>
}

const script = fileURLToPath(new URL('./guardian-child.mjs', import.meta.url))

/**
 * Starts a guardian. Its own process is started with the first thing to answer for, is in no group of ours (so
 * that Ctrl-C does not reach it) and does not keep this process alive.
 */
export function startGuardian(): Guardian {
  const processes = new Set<number>()
  const folders = new Set<string>()
  let child: ChildProcessByStdio<Writable, null, null> | undefined

  return {
    watchProcess(pid) {
      processes.add(pid)
      tell('+pid', pid)
      return () => {
        if (processes.delete(pid)) tell('-pid', pid)
      }
    },
    temporaryFolder(prefix, parent = tmpdir()) {
      const path = join(realpathSync(parent), prefix + randomBytes(8).toString('hex'))
      // Listed before it is made: there is no moment at which nobody answers for it.
      folders.add(path)
      tell('+dir', path)
      mkdirSync(path, { mode: 0o700 })
      return path
    },
    removeFolder(path) {
      if (!folders.has(path)) return
      rmSync(path, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 })
      folders.delete(path)
      tell('-dir', path)
    },
    async stop() {
      processes.clear()
      folders.clear()
      const last = child
      child = undefined
      if (!last) return
      await new Promise<void>(resolve => {
        // While it ends it holds us: otherwise a process with nothing else to do would leave in the middle of this.
        last.ref()
        last.once('exit', () => resolve())
        if (last.exitCode !== null || last.signalCode !== null) resolve()
        last.stdin.end()
      })
    },
  }

  function tell(what: '+pid' | '-pid' | '+dir' | '-dir', value: number | string) {
    if (child) child.stdin.write(line(what, value))
    else child = startChild()
  }

  function startChild() {
    const started = spawn(process.execPath, [script], {
      detached: true,
      stdio: ['pipe', 'ignore', 'ignore'],
      windowsHide: true,
      env: {},
    })
    started.unref()
    if ('unref' in started.stdin) (started.stdin as { unref(): void }).unref()
    // Somebody killed the guardian: the next thing told starts another, which learns the whole list.
    started.on('error', () => forget(started))
    started.on('exit', () => forget(started))
    started.stdin.on('error', () => forget(started))
    for (const pid of processes) started.stdin.write(line('+pid', pid))
    for (const path of folders) started.stdin.write(line('+dir', path))
    return started
  }

  function forget(dead: typeof child) {
    if (child === dead) child = undefined
  }
}

const line = (what: string, value: number | string) => `${JSON.stringify([what, value])}\n`
