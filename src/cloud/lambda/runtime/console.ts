import { format } from 'node:util'
import { send } from './channel.ts'
import { realNow } from './time.ts'

/** What one invocation may log: more is left out, counted, and said. AWS has no such limit; a laptop has. */
const MAX_LINES = 10_000
const MAX_BYTES = 8 * 1024 * 1024

let requestId: string | undefined
let skew = 0
let lines = 0
let bytes = 0
let dropped = 0

/** From now on lines belong to this invocation (none: to initialization), and the cloud's clock shows `now`. */
export function beginLog(id: string | undefined, now: number) {
  requestId = id
  skew = now - realNow()
  lines = 0
  bytes = 0
  dropped = 0
}

/** Makes `console` write what the managed runtime writes: time, request id, level and text between tabs, one event a call. */
export function replaceConsole() {
  const methods = {
    trace: 'TRACE',
    debug: 'DEBUG',
    info: 'INFO',
    log: 'INFO',
    warn: 'WARN',
    error: 'ERROR',
    fatal: 'FATAL',
  } as const
  for (const [method, level] of Object.entries(methods)) {
    ;(console as any)[method] = (...parts: unknown[]) => write(level, parts)
  }
}

function write(level: string, parts: readonly unknown[]) {
  // A flood is cut off here, before anything is put into words: neither side spends memory or time on it.
  if (lines >= MAX_LINES || bytes >= MAX_BYTES) {
    dropped++
    // Should we be killed, this is how much is known: to the nearest power of two.
    if ((dropped & (dropped - 1)) === 0) send(['D', String(dropped)])
    return
  }
  const text = `${new Date(realNow() + skew).toISOString()}\t${requestId}\t${level}\t${format(...parts)}`
  lines++
  bytes += text.length
  send(['L', text])
}

/** The frame that says how many lines were left out, if any. */
export const droppedLines = (): readonly (readonly ['D', string])[] =>
  dropped > 0 ? [['D', String(dropped)]] : []
