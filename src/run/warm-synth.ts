import { rm } from 'node:fs/promises'
import type { Guardian } from '../cloud/guardian.ts'
import { npxShortcut } from './npx-shortcut.ts'
import { type SynthWorker, startSynthWorker } from './synth-process.ts'
import type { SynthAnswer, SynthRequest } from './synth-worker.ts'
import { workspace } from './workspace.ts'

/** How long a stack may keep the others waiting, in milliseconds. It takes 30 ms; the first, half a second. A busy machine takes ten times that. */
const PATIENCE = 20_000
/** How many stacks a process synthesizes before another takes its place: CDK keeps about half a megabyte of each. */
const MOST_STACKS = 50

/** A process that has CDK loaded already, for one stack after the other. */
export interface WarmSynth {
  /** Whether it was synthesized, into `outdir`. If not, nothing is left there, and nothing is said about the stack. */
  synthesizes(request: Omit<SynthRequest, 'more'>): Promise<boolean>
  stop(): void
}

/**
 * A process for many stacks. It is started with the first; one that refuses a stack, ends or does not answer is not
 * asked again, and the next stack has a new one.
 */
export function warmSynth(guardian: Guardian, patience = PATIENCE): WarmSynth {
  let worker: SynthWorker | undefined
  let synthesized = 0
  let turn: Promise<unknown> = Promise.resolve()

  return {
    synthesizes(request) {
      const mine = turn.then(() => synthesize({ ...request, more: true }))
      // The caller hears of a failure; the next caller has its turn all the same.
      turn = mine.catch(() => {})
      return mine
    },
    stop: retire,
  }

  async function synthesize(request: SynthRequest): Promise<boolean> {
    worker ??= await start(guardian)
    const answer = await answerOf(worker, request, patience)
    synthesized++
    if (answer?.kind === 'done' && synthesized < MOST_STACKS) return true
    retire()
    if (answer?.kind === 'done') return true
    await rm(request.outdir, { recursive: true, force: true })
    return false
  }

  function retire(): void {
    worker?.end()
    worker = undefined
    synthesized = 0
  }
}

async function start(guardian: Guardian): Promise<SynthWorker> {
  // Beside the copies of hand-ins: there tsx finds the same settings for it as for them.
  const folder = workspace(guardian, 'synth')
  const worker = startSynthWorker(folder, await npxShortcut(folder), guardian)
  // What it prints is of no interest: a fix that is refused is told why by a process of its own.
  worker.child.stdout?.resume()
  worker.child.stderr?.resume()
  worker.child.on('error', () => {})
  worker.child.once('close', () => guardian.removeFolder(folder))
  return worker
}

function answerOf(
  { child }: SynthWorker,
  request: SynthRequest,
  patience: number,
): Promise<SynthAnswer | undefined> {
  return new Promise(resolve => {
    const answered = (answer?: unknown) => {
      clearTimeout(timer)
      child.off('message', answered)
      child.off('close', ended)
      resolve(answer as SynthAnswer | undefined)
    }
    const ended = () => answered()
    const timer = setTimeout(ended, patience)
    child.once('message', answered)
    child.once('close', ended)
    if (child.exitCode !== null || child.signalCode !== null || !child.connected) return ended()
    child.send(request, error => {
      if (error) ended()
    })
  })
}
