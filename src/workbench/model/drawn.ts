import type { Lane } from './lanes.ts'
import type { Row } from './row.ts'

/** What is said of an event on its row. */
export type Drawn = Omit<Row, 'id' | 'at' | 'bad' | 'event' | 'haystack'>

/** The most characters of a reason: the sentence with which IAM refuses something is longer than a label. */
export const REASON = 2_000

/** `412 ms`, `1.2 s`, `2 h 5 min`. */
export function duration(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`
  if (ms < 120_000) return `${(ms / 1000).toFixed(ms < 10_000 ? 1 : 0)} s`
  const minutes = Math.round(ms / 60_000)
  return minutes < 120 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}

/** A text without its line ends, and not endless. */
export const inOneLine = (text: string, most = 400): string => text.replace(/\s*\n\s*/g, ' ').slice(0, most)

/** An arrow from one lane to another, or a mark where they are the same. */
export const between = (from: Lane, to: Lane | undefined): Pick<Row, 'from' | 'to'> => ({
  from,
  ...(to && to.id !== from.id ? { to } : {}),
})
