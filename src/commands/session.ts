import { once } from 'node:events'
import { type Guardian, startGuardian } from '../cloud/guardian.ts'

/** One command at work: what it opens is closed when it ends, however it ends. */
export interface Session {
  readonly guardian: Guardian
  /** Closes something when the session ends; the last opened is closed first. */
  closes<T>(opened: T, close: (opened: T) => Promise<void>): T
  /** Resolves when somebody asks the command to stop: Ctrl-C, a signal, or the terminal going away. */
  readonly interrupted: Promise<NodeJS.Signals>
}

const signals: readonly NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGHUP']
/** Exit codes of an interrupted command, as shells have them: 128 and the signal's number. */
const exitCodes: Readonly<Record<string, number>> = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 }
/** How long closing may take before the guardian is left to do it, in milliseconds. */
const CLOSING_TIME = 10_000
/** How often it is asked whether npm, which started us, is still there, in milliseconds. */
const PARENT_CHECK = 500

/**
 * Does a command's work and clears up after it. Interrupted, everything is closed first, and the answer is the shell's
 * exit code for that signal, unless the work comes to an end of its own on hearing of it.
 */
export async function withSession(work: (session: Session) => Promise<number>): Promise<number> {
  const closers: (() => Promise<void>)[] = []
  let interrupt: (signal: NodeJS.Signals) => void = () => {}
  const interrupted = new Promise<NodeJS.Signals>(resolve => {
    interrupt = resolve
  })
  for (const signal of signals) process.once(signal, interrupt)
  const watch = watchParent(() => interrupt('SIGHUP'))
  // What we wait for in closing may itself hold no process: without this one Node would leave in the middle.
  const alive = setInterval(() => {}, CLOSING_TIME)

  const guardian = startGuardian()
  closers.push(() => guardian.stop())
  const session: Session = {
    guardian,
    interrupted,
    closes(opened, close) {
      closers.push(() => close(opened))
      return opened
    },
  }
  let isInterrupted = false
  const broughtDown = interrupted.then(async signal => {
    isInterrupted = true
    await closeAll()
    return exitCodes[signal] ?? 1
  })
  try {
    return await Promise.race([work(session).catch(unlessInterrupted), broughtDown])
  } finally {
    clearInterval(watch)
    await closeAll()
    clearInterval(alive)
    for (const signal of signals) process.off(signal, interrupt)
  }

  /** Work that fails because everything it needs is being closed has not failed: it has been interrupted. */
  function unlessInterrupted(error: unknown): Promise<number> {
    if (isInterrupted) return broughtDown
    throw error
  }

  /** Everything, last opened first, each within its time: what is left then is the guardian's. */
  async function closeAll(): Promise<void> {
    for (let close = closers.pop(); close; close = closers.pop()) {
      const late = AbortSignal.timeout(CLOSING_TIME)
      await Promise.race([close(), once(late, 'abort')])
    }
  }
}

/** Started by npm, we must not stay behind when npm is killed. */
function watchParent(gone: () => void): NodeJS.Timeout | undefined {
  if (!process.env.npm_lifecycle_event) return undefined
  const parent = process.ppid
  return setInterval(() => {
    if (process.ppid !== parent) gone()
  }, PARENT_CHECK).unref()
}
