import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import type { Lab, Verdict } from '#kit'
import type { Guardian } from '../cloud/guardian.ts'
import { HOME, listedEnvironment } from '../machine/environment.ts'
import { house } from '../run/house.ts'
import { VERDICT_FD } from '../run/verdict-descriptor.ts'
import type { Sandbox } from '../sandbox/inside.ts'
import { outside } from '../sandbox/sandbox.ts'
import type { Prepared } from './prepare.ts'

/** How a check in a process of its own ended: with a verdict, or with words on why there is none. */
export type Ended = { readonly verdict: Verdict } | { readonly because: string; readonly isFinal: boolean }

/** The most that is read of what a check prints. A report is far below; a flood must not fill our memory. */
const MOST_PRINTED = 32 * 1024 * 1024
/** What a check needs to know besides the machine: where the browser and its files are. The person's credentials are not among it. */
const OF_A_CHECK = [
  ...HOME,
  'WSLAB_BROWSER',
  'PLAYWRIGHT_BROWSERS_PATH',
  'XDG_CACHE_HOME',
  'ProgramFiles',
  'ProgramFiles(x86)',
  'DEBUG',
]

/** Ends a process, and all that it has started. Its own guardian clears up after it. */
type Kill = () => void

/** How a check is carried out: for how long at most (milliseconds), where, and who clears up after it. */
export interface Conditions {
  readonly limit: number
  /** None: it runs with our rights. */
  readonly sandbox: Sandbox | undefined
  readonly guardian: Guardian
  /** Told how to end what is under way. The answer is called when it has ended. */
  ends(kill: Kill): () => void
}

/**
 * Checks a hand-in in a process, and a process group, of its own: whatever happens there, the others go on. Its verdict comes
 * on a descriptor that no program of the hand-in's is given. After the limit it is ended.
 */
export async function checkInAProcess(
  lab: Lab,
  { cwd, from }: Prepared,
  { limit, sandbox, guardian, ends }: Conditions,
): Promise<Ended> {
  const asked = [join(house, 'src', 'start.mjs'), 'check', lab.id, '--from', from, '--json']
  const env = { ...listedEnvironment(OF_A_CHECK), [VERDICT_FD]: '3' }
  const { program, args, clear, ...start } = (sandbox?.inside ?? outside)(cwd, asked, env)
  const child = spawn(program, args, {
    // In a sandbox the folder has another name.
    ...(sandbox ? {} : { cwd }),
    env: start.env,
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    detached: process.platform !== 'win32',
    windowsHide: true,
  })
  const kill = () => endGroup(child.pid)
  const forget = ends(kill)
  const unwatch = child.pid === undefined ? () => {} : guardian.watchProcess(child.pid)
  let isLate = false
  const late = setTimeout(() => {
    isLate = true
    kill()
  }, limit)
  try {
    collected(child.stdout!, kill)
    const [told, complaints] = [collected(child.stdio[3] as Readable, kill), collected(child.stderr!, kill)]
    const [code] = await once(child, 'close')
    if (isLate) return { because: `The check was ended after ${inMinutes(limit)}.`, isFinal: true }
    return verdictIn(told(), lab) ?? { because: whyNone(code, complaints()), isFinal: code === 3 }
  } catch (error) {
    return { because: `The check could not be started: ${(error as Error).message}`, isFinal: false }
  } finally {
    clearTimeout(late)
    unwatch()
    forget()
    clear()
  }
}

function collected(stream: Readable, kill: Kill): () => string {
  const chunks: Buffer[] = []
  let length = 0
  stream.on('data', (chunk: Buffer) => {
    length += chunk.length
    if (length > MOST_PRINTED) kill()
    else chunks.push(chunk)
  })
  return () => Buffer.concat(chunks).toString()
}

/** The document, if it is one: a check that was ended in the middle of it has none. */
function verdictIn(printed: string, lab: Lab): Ended | undefined {
  try {
    const verdict: Verdict = JSON.parse(printed)
    const isOne = verdict.version === 1 && verdict.lab === lab.id && Array.isArray(verdict.criteria)
    return isOne ? { verdict } : undefined
  } catch {
    return undefined
  }
}

const whyNone = (code: number | null, complaints: string): string =>
  complaints.trim().slice(-1_000) || `The check ended without a verdict (exit code ${code ?? 'none'}).`

function endGroup(pid: number | undefined): void {
  if (pid === undefined) return
  try {
    process.kill(process.platform === 'win32' ? pid : -pid, 'SIGKILL')
  } catch (error) {
    // It has ended by itself.
    if ((error as { code?: string }).code !== 'ESRCH') throw error
  }
}

const inMinutes = (ms: number): string => {
  const minutes = ms / 60_000
  return `${Number(minutes.toFixed(1))} ${minutes === 1 ? 'minute' : 'minutes'}`
}
