import { expect, test } from 'vitest'
import { readSchedule } from './schedule.ts'

const at = (text: string) => Date.parse(text)
const next = (expression: string, after: string) => {
  const due = readSchedule(expression)(at(after))
  return due === undefined ? undefined : new Date(due).toISOString()
}

test.each([
  ['rate(1 minute)', '2026-12-01T00:01:30.000Z'],
  ['rate(5 minutes)', '2026-12-01T00:05:30.000Z'],
  ['rate(1 hour)', '2026-12-01T01:00:30.000Z'],
  ['rate(2 days)', '2026-12-03T00:00:30.000Z'],
  ['cron(0/15 * * * ? *)', '2026-12-01T00:15:00.000Z'],
  ['cron(0 10 * * ? *)', '2026-12-01T10:00:00.000Z'],
  ['cron(0 18 ? * MON-FRI *)', '2026-12-01T18:00:00.000Z'],
  ['cron(0 8 1 * ? *)', '2026-12-01T08:00:00.000Z'],
  ['cron(15 12 ? JAN,JUN SUN *)', '2027-01-03T12:15:00.000Z'],
  ['cron(0 12 L * ? *)', '2026-12-31T12:00:00.000Z'],
  ['cron(0 9 ? * 2#1 *)', '2026-12-07T09:00:00.000Z'],
  ['cron(0 9 3W * ? 2027)', '2027-01-04T09:00:00.000Z'],
  ['cron(5,35 14 * * ? *)', '2026-12-01T14:05:00.000Z'],
])('%s comes next at %s', (expression, due) => {
  expect(next(expression, '2026-12-01T00:00:30Z')).toBe(due)
})

test('a schedule of a year that is over never comes', () => {
  expect(next('cron(0 9 1 * ? 2020)', '2026-12-01T00:00:00Z')).toBeUndefined()
})

test.each([
  'rate(1 minutes)',
  'rate(5 minute)',
  'rate(0 minutes)',
  'rate(5 seconds)',
  'rate(5  minutes)',
  'cron(0 10 * * * *)',
  'cron(0 10 ? * ? *)',
  'cron(0 10 * * ?)',
  'cron(61 10 * * ? *)',
  'cron(0 10 2#1 * ? *)',
  'cron(foo bar ? * * *)',
  '0 10 * * ? *',
  'at(2027-01-01T00:00:00)',
])('%s is refused', expression => {
  expect(() => readSchedule(expression)).toThrow('Parameter ScheduleExpression is not valid.')
})
