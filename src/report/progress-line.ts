import { columnsOf } from './wrap.ts'

/** The line at the foot of a terminal that says what is under way. Where there is no terminal, there is none. */
export interface ProgressLine {
  /** Says what has begun, at once. */
  now(step: string): void
  /** Takes the line away: something else is to be printed, or all is done. */
  clear(): void
}

/** How often the seconds are counted, in milliseconds. */
const TICK = 1_000
/** From how many seconds on they are shown. */
const LONG = 3

/** A line on this stream, if it is a terminal that can take a line away again. */
export function progressLine(
  stream: {
    readonly isTTY?: boolean
    readonly columns?: number
    write(text: string): unknown
  },
  env: NodeJS.ProcessEnv = process.env,
): ProgressLine {
  if (!stream.isTTY || env.TERM === 'dumb' || env.CI) return { now() {}, clear() {} }
  let timer: NodeJS.Timeout | undefined
  return {
    now(step) {
      clearInterval(timer)
      const began = Date.now()
      const show = () => {
        const seconds = Math.floor((Date.now() - began) / 1_000)
        const text = `  … ${step}${seconds >= LONG ? ` (${seconds} s)` : ''}`
        stream.write(`\r\u001b[K${cut(text, (stream.columns ?? 80) - 1)}`)
      }
      show()
      timer = setInterval(show, TICK).unref()
    },
    clear() {
      if (!timer) return
      clearInterval(timer)
      timer = undefined
      stream.write('\r\u001b[K')
    },
  }
}

function cut(text: string, most: number): string {
  if (columnsOf(text) <= most) return text
  let kept = ''
  for (const character of text) {
    if (columnsOf(kept + character) > most - 1) break
    kept += character
  }
  return `${kept}…`
}
