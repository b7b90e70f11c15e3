import { StringDecoder } from 'node:string_decoder'

/** What one invocation may write past `console`; the rest is counted and left out, as in `runtime/console.ts`. */
const MAX_LINES = 10_000
const MAX_BYTES = 8 * 1024 * 1024

/** CloudWatch's quota on one event, in characters. */
const MAX_EVENT = 256 * 1024

/** Cuts what comes out of a process into lines, each with its line break, and lets no flood through. */
export function rawLines(onLine: (line: string) => void) {
  const decoder = new StringDecoder('utf8')
  let unfinished = ''
  let lines = 0
  let bytes = 0
  let dropped = 0
  let taken = 0

  const say = (line: string) => {
    lines++
    bytes += line.length
    onLine(`${line}\n`)
  }

  return {
    take(chunk: Buffer) {
      taken += chunk.length
      if (lines >= MAX_LINES || bytes >= MAX_BYTES) {
        for (let at = chunk.indexOf(10); at !== -1; at = chunk.indexOf(10, at + 1)) dropped++
        return
      }
      const parts = (unfinished + decoder.write(chunk)).split('\n')
      unfinished = parts.pop()!
      for (const part of parts) {
        if (lines >= MAX_LINES || bytes >= MAX_BYTES) dropped++
        else say(part)
      }
      while (unfinished.length > MAX_EVENT) {
        say(unfinished.slice(0, MAX_EVENT))
        unfinished = unfinished.slice(MAX_EVENT)
      }
    },
    /** Ends an unfinished line. */
    flush() {
      if (unfinished !== '') say(unfinished)
      unfinished = ''
    },
    /** How many bytes came, ever. */
    taken: () => taken,
    /** How many were left out since the last time this was asked. */
    dropped() {
      const count = dropped
      dropped = 0
      return count
    },
    /** A new invocation may write again. */
    reset() {
      lines = 0
      bytes = 0
      dropped = 0
    },
  }
}
