/** How many requests a key has in a day, a week or a month. */
export interface Quota {
  readonly limit: number
  readonly period: 'DAY' | 'WEEK' | 'MONTH'
  /** The day on which a period begins: 0 is a week's Sunday and a month's first. */
  readonly offset: number
}

const DAY = 24 * 60 * 60 * 1000
/** 1 January 1970 was a Thursday; this is the Sunday before. */
const FIRST_SUNDAY = -4

/** When the period began to which a time belongs: in days since 1970, UTC. */
export function quotaPeriod({ period, offset }: Quota, time: number): number {
  const today = Math.floor(time / DAY)
  if (period === 'DAY') return today
  if (period === 'WEEK') return today - ((today - FIRST_SUNDAY - offset) % 7)
  const date = new Date(time)
  const before = date.getUTCDate() <= offset ? 1 : 0
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() - before, 1 + offset) / DAY
}
