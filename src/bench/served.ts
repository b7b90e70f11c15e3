import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'

/** Something that answers sockets, in a process of its own. */
export interface Served {
  readonly address: string
  stop(): Promise<void>
}

/** How long a server may take to end by itself, in milliseconds. */
const ENDING_TIME = 5_000

/** Starts `file`, which tells its address as its first message, and ends when its parent lets go of it. Throws when it ends before. */
export async function serve(file: string, args: readonly string[] = []): Promise<Served> {
  const child = fork(file, args, { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
  const address = await Promise.race([
    once(child, 'message').then(([said]) => String(said)),
    once(child, 'exit').then(([code]) => {
      throw new Error(`${file} ended with ${code} before it served anything.`)
    }),
  ])
  return { address, stop: () => end(child) }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, 'exit')
  const kill = setTimeout(() => child.kill('SIGKILL'), ENDING_TIME)
  child.disconnect()
  await ended
  clearTimeout(kill)
}
