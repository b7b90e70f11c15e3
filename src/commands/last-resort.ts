import { writeSync } from 'node:fs'
import { exitCode } from '../report/exit-code.ts'
import { visibleLines } from '../report/visible-lines.ts'
import { troubleInWords } from './trouble.ts'

/** The shell's code for a program that writes to a pipe which nobody reads any more: 128 and the number of SIGPIPE. */
const PIPE_CLOSED = 141

/**
 * Sees to errors that nobody catches: one sentence, exit code 2, and what was opened is left to the guardian. A reader that has seen
 * enough, as `head` has, is no error: the command ends without a word.
 */
export function catchTheRest(): void {
  process.on('uncaughtException', leave)
  process.on('unhandledRejection', leave)
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', error => {
      if ('code' in error && error.code === 'EPIPE') process.exit(PIPE_CLOSED)
      leave(error)
    })
  }
}

function leave(error: unknown): never {
  try {
    // At once: the process ends before a stream would write.
    writeSync(2, `${visibleLines(troubleInWords(error))}\n`)
  } catch {
    // There is nobody to read it.
  }
  process.exit(exitCode.error)
}
