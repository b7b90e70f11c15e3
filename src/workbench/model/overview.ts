import type { Row } from './row.ts'

/** A part of the stream: how much happened in it, and how much of it was denied or failed. */
export interface Bar {
  readonly from: number
  readonly to: number
  readonly count: number
  readonly bad: number
}

/**
 * Cuts the rows into bars of equal numbers of events. By the clock, ten idle minutes that somebody let pass would leave
 * no room for what happened.
 */
export function barsOf(rows: readonly Row[], isShown: (row: Row) => boolean, bars: number): Bar[] {
  const first = rows[0]?.id ?? 0
  const last = rows.at(-1)?.id ?? 0
  const width = Math.max(1, (last - first + 1) / bars)
  const cut = Array.from({ length: Math.min(bars, last - first + 1) }, (_, at) => ({
    from: Math.floor(first + at * width),
    to: Math.ceil(first + (at + 1) * width) - 1,
    count: 0,
    bad: 0,
  }))
  for (const row of rows) {
    if (!isShown(row)) continue
    const bar = cut[Math.min(cut.length - 1, Math.floor((row.id - first) / width))]!
    bar.count++
    if (row.bad) bar.bad++
  }
  return cut
}
