import type { ChildProcessWithoutNullStreams } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fairSignal } from '../machine/fair-timer.ts'
import { inbox } from './inbox.ts'
import type { Line } from './line.ts'
import type { Program } from './people.ts'
import type { Silence } from './silence.ts'
import { inAStep, type Transcript } from './transcript.ts'
import { Unmet } from './unmet.ts'

/** How long a program may take to load what it imports, in milliseconds, on top of the patience. */
const LOADING_TIME = 10_000
/** The most lines that are kept of a program: one that prints without end is not to take all memory. */
const MOST_LINES = 1_000

/** A process at this end, as one of the people. Listens from the first moment, so that no line is missed. */
export function programOn(
  child: ChildProcessWithoutNullStreams,
  name: string,
  transcript: Transcript,
  patience: number,
  silence: Silence,
): Program & Line {
  const lines = inbox(name, transcript, patience + LOADING_TIME, ['print', 'printed'], silence)
  let ended: { code: number | null; signal: NodeJS.Signals | null } | undefined
  let count = 0

  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', line => {
      count += 1
      if (count > MOST_LINES) return
      transcript.frame(`${name} printed: ${line}`)
      lines.put(line)
    })
  }
  // A program that does not read, or has ended, is written to in vain: that is no failure of ours.
  child.stdin.on('error', () => {})
  child.on('error', error => lines.end(error.message))
  child.on('close', (code, signal) => {
    ended = { code, signal }
    transcript.frame(`${name} ended ${inWords(ended)}`)
    lines.end(`it ended ${inWords(ended)}`)
  })

  return {
    name,
    // What a program is about nobody can see, unless it has ended.
    there: async () => {},
    isOpaque: true,
    get isOpen() {
      return !ended
    },
    prints: lines.take,
    write(line) {
      transcript.step(`${name} was given ${inAStep(line)}`)
      child.stdin.write(`${line}\n`)
    },
    async ends({ code } = {}) {
      const late = fairSignal(patience + LOADING_TIME)
      if (!ended) await once(child, 'close', { signal: late }).catch(() => {})
      if (!ended) transcript.ranOut()
      if (ended && (code === undefined || ended.code === code)) return ended.code
      throw new Unmet({
        expected: `${name} to end${code === undefined ? '' : ` with exit code ${code}`}`,
        observed: ended ? `it ended ${inWords(ended)}` : 'it is still running',
      })
    },
    async stop() {
      if (ended || child.pid === undefined) return
      const closed = once(child, 'close')
      kill(child.pid)
      await closed
    },
  }
}

/** With all that it has started, where it leads a group. */
function kill(pid: number): void {
  for (const target of [-pid, pid]) {
    try {
      process.kill(target, 'SIGKILL')
    } catch {
      // It is gone already, or there are no groups here.
    }
  }
}

const inWords = ({ code, signal }: { code: number | null; signal: NodeJS.Signals | null }): string =>
  code === null ? `by ${signal}` : `with exit code ${code}`
