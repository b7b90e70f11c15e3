import { expect, test } from 'vitest'
import { type Quota, quotaPeriod } from './quota.ts'

/** The day on which the period began to which a time belongs. */
const began = (period: Quota['period'], offset: number, time: string) =>
  new Date(quotaPeriod({ limit: 1, period, offset }, Date.parse(time)) * 24 * 60 * 60 * 1000)
    .toISOString()
    .slice(0, 10)

test.each<[Quota['period'], number, string, string]>([
  ['DAY', 0, '2026-11-21T00:00:00Z', '2026-11-21'],
  ['DAY', 0, '2026-11-20T23:59:59Z', '2026-11-20'],
  // 21 November 2026 is a Saturday.
  ['WEEK', 0, '2026-11-21T12:00:00Z', '2026-11-15'],
  ['WEEK', 0, '2026-11-22T00:00:00Z', '2026-11-22'],
  ['WEEK', 1, '2026-11-22T00:00:00Z', '2026-11-16'],
  ['WEEK', 6, '2026-11-21T00:00:00Z', '2026-11-21'],
  ['MONTH', 0, '2026-11-21T12:00:00Z', '2026-11-01'],
  ['MONTH', 27, '2026-11-27T23:59:59Z', '2026-10-28'],
  ['MONTH', 27, '2026-11-28T00:00:00Z', '2026-11-28'],
  ['MONTH', 4, '2027-01-02T00:00:00Z', '2026-12-05'],
])('a %s that begins at %i: %s belongs to that of %s', (period, offset, time, day) => {
  expect(began(period, offset, time)).toBe(day)
})
