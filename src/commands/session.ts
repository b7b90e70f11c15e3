import { once } from 'node:events'
import { type Guardian, startGuardian } from '../cloud/guardian.ts'

/** One command at work: what it opens is closed when it ends, however it ends. */
export interface Session {
  readonly guardian: Guardian
  /**
   * Closes something when the session ends; the last opened is closed first. `patience`: how long closing it may hold up an
   * interrupted command, in milliseconds. What does not say so is left to the guardian, which clears up after us.
   */
  closes<T>(opened: T, close: (opened: T) => Promise<void>, patience?: number): T
  /** Whether somebody has asked the command to stop: what is found from then on says nothing. */
  isInterrupted(): boolean
  /** Resolves when somebody asks the command to stop: Ctrl-C, a signal, or the terminal going away. */
  readonly interrupted: Promise<NodeJS.Signals>
}

const signals: readonly NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGHUP']
/** Exit codes of an interrupted command, as shells have them: 128 and the signal's number. */
const exitCodes: Readonly<Record<string, number>> = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 }
/** How long closing may take before the guardian is left to do it, in milliseconds. */
export const CLOSING_TIME = 10_000
/** The same for everything together, once somebody has asked the command to stop: they wait. */
const INTERRUPTED_TIME = 1_200
/** How often it is asked whether npm, which started us, is still there, in milliseconds. */
const PARENT_CHECK = 500

/**
 * Does a command's work and clears up after it. Interrupted, everything is closed first, and the answer is the shell's
 * exit code for that signal, unless the work comes to an end of its own on hearing of it.
 */
export async function withSession(work: (session: Session) => Promise<number>): Promise<number> {
  const closers: { readonly close: () => Promise<void>; readonly patience: number }[] = []
  let interrupt: (signal: NodeJS.Signals) => void = () => {}
  const interrupted = new Promise<NodeJS.Signals>(resolve => {
    interrupt = resolve
  })
  for (const signal of signals) process.once(signal, interrupt)
  const watch = watchParent(() => interrupt('SIGHUP'))
  // What we wait for in closing may itself hold no process: without this one Node would leave in the middle.
  const alive = setInterval(() => {}, CLOSING_TIME)

  let isInterrupted = false
  const guardian = startGuardian()
  closers.push({ close: () => guardian.stop(), patience: 0 })
  const session: Session = {
    guardian,
    interrupted,
    isInterrupted: () => isInterrupted,
    closes(opened, close, patience = 0) {
      closers.push({ close: () => close(opened), patience })
      return opened
    },
  }
  const broughtDown = interrupted.then(async signal => {
    isInterrupted = true
    const patience = Math.max(INTERRUPTED_TIME, ...closers.map(one => one.patience))
    await within(patience, closeAll())
    return exitCodes[signal] ?? 1
  })
  try {
    const code = await Promise.race([work(session).catch(unlessInterrupted), broughtDown])
    const [trouble] = await (isInterrupted ? broughtDown.then(() => []) : closeAll())
    if (trouble) throw trouble
    return code
  } catch (error) {
    // What the work failed of comes first: closing may well fail of the same.
    await closeAll()
    throw error
  } finally {
    clearInterval(watch)
    clearInterval(alive)
    for (const signal of signals) process.off(signal, interrupt)
  }

  /** Work that fails because everything it needs is being closed has not failed: it has been interrupted. */
  function unlessInterrupted(error: unknown): Promise<number> {
    if (isInterrupted) return broughtDown
    throw error
  }

  /** Everything, last opened first, each within its time: what is left then is the guardian's. Answers with what failed. */
  async function closeAll(): Promise<unknown[]> {
    const troubles: unknown[] = []
    for (let one = closers.pop(); one; one = closers.pop()) {
      await within(CLOSING_TIME, one.close()).catch(error => troubles.push(error))
    }
    return troubles
  }
}

/** Waits for something, but no longer than that. */
async function within(ms: number, work: Promise<unknown>): Promise<void> {
  const late = AbortSignal.timeout(ms)
  await Promise.race([work, once(late, 'abort')])
}

/** Started by npm, we must not stay behind when npm is killed. */
function watchParent(gone: () => void): NodeJS.Timeout | undefined {
  if (!process.env.npm_lifecycle_event) return undefined
  const parent = process.ppid
  return setInterval(() => {
    if (process.ppid !== parent) gone()
  }, PARENT_CHECK).unref()
}
