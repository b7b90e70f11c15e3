import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { createRequire } from 'node:module'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { HANG } from '../../machine/bounds.ts'

const require = createRequire(import.meta.url)

/** A process of ours that answers questions, one at a time. */
export interface Child {
  /** Resolves with what it says first. Rejects when it has ended. */
  readonly says: Promise<unknown>
  /** Rejects when it ends, or hangs. */
  ask(): Promise<unknown>
  /** Rejects when it ends, with how, and its last words. */
  readonly died: Promise<never>
  stop(): Promise<void>
}

/** Starts a file of this folder in a process. It ends when its channel to us does. */
export function startChild(file: string, args: readonly string[] = []): Child {
  const child = fork(fileURLToPath(new URL(file, import.meta.url)), args, {
    execArgv: ['--expose-gc', '--import', pathToFileURL(require.resolve('tsx')).href],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  })
  let words = ''
  child.stderr!.on('data', data => {
    words = (words + data).slice(-4000)
  })
  // Not `close`: that does not come once we have disconnected.
  const ended = Promise.all([once(child, 'exit'), once(child.stderr!, 'close')])
  const died = ended.then(([[code, signal]]): never => {
    throw new Error(`${file} ended with ${signal ?? `exit code ${code}`}\n${words}`)
  })
  const says = answer(child, died)
  // Whoever waits for these is told; nobody has to.
  died.catch(() => {})
  says.catch(() => {})

  return {
    says,
    died,
    async ask() {
      if (child.connected) child.send('how are you?')
      return answer(child, died)
    },
    async stop() {
      if (child.connected) child.disconnect()
      await ended
    },
  }
}

async function answer(child: ChildProcess, died: Promise<never>): Promise<unknown> {
  const patience = new AbortController()
  const timer = setTimeout(() => patience.abort(new Error('no answer')), HANG)
  try {
    const [message] = await Promise.race([once(child, 'message', { signal: patience.signal }), died])
    return message
  } finally {
    clearTimeout(timer)
    patience.abort()
  }
}
