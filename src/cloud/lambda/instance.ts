import { spawn } from 'node:child_process'
import type { Socket } from 'node:net'
import { dirname } from 'node:path'
import { performance } from 'node:perf_hooks'
import { fenced } from '../../machine/fence.ts'
import { processTimeout } from '../../machine/process-timeout.ts'
import type { Guardian } from '../guardian.ts'
import type { Configuration } from './configuration.ts'
import { flagsOf } from './environment.ts'
import { type Frame, frameReader, workFrame } from './frames.ts'
import { rawLines } from './lines.ts'
import {
  exitError,
  type FunctionError,
  MAX_PAYLOAD,
  type Outcome,
  type Start,
  timedOut,
  tooLarge,
} from './outcome.ts'
import { hasGroups, killGroup } from './process-group.ts'
import { isPython, pythonCommand } from './python.ts'
import type { RuntimeFiles } from './runtime-files.ts'
import { standstill } from './standstill.ts'

/** What an instance is asked to do. */
export interface Work {
  readonly requestId: string
  readonly functionArn: string
  /** JSON text. */
  readonly payload: string
  readonly traceId: string
  /** What the caller says of itself, as JSON text. */
  readonly clientContext?: string | undefined
  /** The event with which the invocation began; log lines are caused by it. */
  readonly cause?: number
}

/** The process had ended before it came to its work. `error` where the function itself ended it, outside of any invocation. */
export interface NotBegun {
  readonly kind: 'not begun'
  readonly error?: FunctionError
}

/** A function in a process of its own. It does one thing at a time, and between two things it stands still. */
export interface Instance {
  readonly started: Promise<Start>
  /** Never rejects. `not begun` when the process had ended before it came to this: somebody else may try. */
  run(work: Work): Promise<Outcome | NotBegun>
  /** Resolves when it has done what it was given, and waits for more: then it does nothing at all. Or when it has ended. */
  standsStill(): Promise<void>
  isAlive(): boolean
  /** Ends it and everything it started, at once. */
  kill(): void
  readonly ended: Promise<void>
}

/** How long Lambda lets a function initialize before it gives up, in milliseconds. */
export const INIT_TIMEOUT = 10_000

/** How long a dead process's last words may take to arrive, in milliseconds; a grandchild may hold the pipes open. */
const LAST_WORDS = 200

interface Running {
  readonly requestId: string
  readonly since: number
  readonly settle: (outcome: Outcome | NotBegun) => void
  readonly callOff: () => void
}

/** Starts a process for `configuration`. `onLine` is given each line that it writes; `now` is the cloud's clock. */
export function startInstance(
  configuration: Configuration,
  environment: Readonly<Record<string, string>>,
  {
    files,
    guardian,
    onLine,
    now,
    initTimeout = INIT_TIMEOUT,
  }: {
    readonly files: RuntimeFiles
    readonly guardian: Guardian
    readonly onLine: (text: string) => void
    readonly now: () => number
    readonly initTimeout?: number | undefined
  },
): Instance {
  const since = performance.now()
  const [program, flags] = isPython(configuration.runtime)
    ? pythonCommand(files.pythonMain)
    : [process.execPath, [...flagsOf(configuration), '--require', files.preload, files.main]]
  const start = fenced({ program, args: flags, env: environment }, { reads: [dirname(files.folder)] })
  const child = spawn(start.program, start.args, {
    cwd: configuration.code.task,
    env: start.env,
    stdio: ['ignore', 'pipe', 'pipe', 'pipe', 'pipe'],
    // It leads a group, so that what a handler starts can be ended with it.
    detached: hasGroups,
    windowsHide: true,
  })
  const unwatch = child.pid === undefined ? () => {} : guardian.watchProcess(child.pid)
  const [, stdout, stderr, input, output] = child.stdio as unknown as Socket[]
  const lines = rawLines(onLine)
  let memoryUsed = 0
  let took: number | undefined
  let dropped = 0
  let running: Running | undefined
  let fatal: (FunctionError & { readonly phase: 'init' | 'invoke' | 'idle' }) | undefined
  let late = false
  let alive = child.pid !== undefined
  let isOver = false
  const still = standstill()

  let finishStart: (start: Start) => void = () => {}
  const started = new Promise<Start>(resolve => {
    finishStart = resolve
  })
  let isStarted = false
  // This timer, and those of invocations, hold the process: nobody may leave while a function is at work.
  const callOffInit = processTimeout(child.pid ?? 0, initTimeout, () => {
    late = true
    kill()
  })

  let finishEnd = () => {}
  const ended = new Promise<void>(resolve => {
    finishEnd = resolve
  })

  stdout!.on('data', lines.take)
  stderr!.on('data', lines.take)
  output!.on('data', frameReader(onFrame))
  // Writing to somebody who has gone is no news: the end of the process is.
  for (const stream of [stdout, stderr, input, output]) stream!.on('error', () => {}).unref()
  child.unref()
  child.on('error', () => onExit(null, null))
  child.on('exit', (code, signal) => onExit(code, signal))
  input!.write(workFrame({ now: now() }))

  return {
    started,
    ended,
    isAlive: () => alive,
    standsStill: still.reached,
    kill,
    run(work) {
      return new Promise(settle => {
        const { requestId } = work
        const remaining = configuration.timeout * 1000
        const callOff = processTimeout(child.pid ?? 0, remaining, () => {
          late = true
          kill()
        })
        running = { requestId, since: performance.now(), settle, callOff }
        dropped = 0
        took = undefined
        lines.reset()
        still.given()
        if (alive) input!.write(workFrame({ ...work, remaining, now: now() }))
        else finish({ kind: 'not begun' })
      })
    },
  }

  function onFrame({ type, text }: Frame) {
    if (type === 'L') onLine(`${text}\n`)
    else if (type === 'D') dropped = Number(text)
    else if (type === 'M') noteMeasures(text)
    else if (type === 'F') fatal = JSON.parse(text)
    else if (type === 'S') still.said()
    else if (type === 'I') begin()
    else if (type === 'R') {
      const measured = measure()
      if (text.length > MAX_PAYLOAD || Buffer.byteLength(text) > MAX_PAYLOAD) {
        soon({ kind: 'failed', error: tooLarge, exited: false, ...measured })
      } else soon({ kind: 'returned', payload: text, ...measured })
    } else if (type === 'E') soon({ kind: 'failed', error: JSON.parse(text), exited: false, ...measure() })
  }

  function begin() {
    callOffInit()
    isStarted = true
    sayDropped()
    setImmediate(() => {
      lines.flush()
      finishStart({ kind: 'ready', duration: performance.now() - since })
    })
  }

  /** What the handler wrote past `console` lies in other pipes, and is read to the end before the invocation is over. */
  function soon(outcome: Outcome) {
    const finished = running
    const before = lines.taken()
    setImmediate(() => {
      if (running !== finished) return
      if (lines.taken() === before) finish(outcome)
      else soon(outcome)
    })
  }

  function finish(outcome: Outcome | NotBegun) {
    const finished = running
    if (!finished) return
    running = undefined
    finished.callOff()
    sayDropped()
    lines.flush()
    finished.settle(outcome)
  }

  function onExit(code: number | null, signal: string | null) {
    if (isOver) return
    alive = false
    isOver = true
    callOffInit()
    unwatch()
    // What it started goes with it.
    if (hasGroups && child.pid !== undefined) killGroup(child.pid)
    const close = () => {
      clearTimeout(timer)
      onEnd({ code, signal })
    }
    const timer = setTimeout(close, LAST_WORDS)
    child.once('close', close)
  }

  function onEnd(how: { readonly code: number | null; readonly signal: string | null }) {
    if (!isStarted) {
      isStarted = true
      sayDropped()
      lines.flush()
      const { phase: _, ...said } = fatal ?? {
        phase: 'init',
        // Lambda names the request for which it was starting: the one who waits puts that in.
        ...exitError('', how),
      }
      finishStart({
        kind: late ? 'timed out' : 'failed',
        duration: performance.now() - since,
        memoryUsed,
        error: said,
      })
    }
    if (running) {
      const { requestId } = running
      if (late) {
        finish({ kind: 'timed out', error: timedOut(requestId, configuration.timeout), ...measure() })
      } else if (fatal?.phase === 'idle') {
        const { phase: _, ...error } = fatal
        finish({ kind: 'not begun', error })
      } else {
        const { phase: _, ...error } = fatal ?? { phase: 'invoke', ...exitError(requestId, how) }
        finish({ kind: 'failed', error, exited: true, ...measure() })
      }
    }
    lines.flush()
    still.ended()
    finishEnd()
  }

  /** The most memory that there was, in kilobytes, and how long the invocation took, in milliseconds. */
  function noteMeasures(text: string) {
    const [kilobytes, ms] = text.split(' ')
    memoryUsed = Math.ceil(Number(kilobytes) / 1024)
    took = ms === undefined ? undefined : Number(ms)
  }

  function measure() {
    return { duration: running ? performance.now() - running.since : 0, memoryUsed, took }
  }

  function sayDropped() {
    const left = dropped + lines.dropped()
    if (left > 0) onLine(`[local cloud] ${left} more lines were left out of this log.\n`)
    dropped = 0
  }

  function kill() {
    if (!alive || child.pid === undefined) return
    // Whoever waits for its end must not leave before.
    child.ref()
    killGroup(child.pid)
  }
}
