import { afterAll, beforeAll, expect, test } from 'vitest'
import { movableClock } from '../clock.ts'
import { lambdaForTests } from './lambda.fixture.ts'

const HOUR = 3_600_000

let cloud: Awaited<ReturnType<typeof lambdaForTests>>

beforeAll(async () => {
  cloud = await lambdaForTests({ clock: movableClock() })
  await cloud.make(
    'clock',
    `exports.handler = async (event, context) => {
      console.log('here')
      class Mine extends Date {}
      return {
        isUntouched: Date === Date.prototype.constructor,
        now: Date.now(),
        fresh: new Date().getTime(),
        words: Date.parse(Date()),
        mine: new Mine().getTime(),
        given: [new Date(5).getTime(), new Date('2026-01-01').getTime(), Date.UTC(2026, 0)],
        isDate: new Date() instanceof Date && new Mine() instanceof Date,
        remaining: context.getRemainingTimeInMillis(),
      }
    }`,
  )
})
afterAll(() => cloud.stop())

test('as long as the clock has not been moved, a function has the Date that Node gives it', async () => {
  const { result } = await cloud.invoke('clock')
  expect(result.isUntouched).toBe(true)
})

test('once the clock has been moved on, Date goes by it, in an instance that is warm and in a new one', async () => {
  for (const moved of [HOUR / 12, HOUR]) {
    cloud.clock.advance(moved)
    const before = cloud.clock.now()
    const { result } = await cloud.invoke('clock')
    const after = cloud.clock.now()

    // What the way to the function took is not made up for. By the old time it would be far behind.
    const behind = moved / 2
    const itsTime = [result.now, result.fresh, result.mine, result.words]
    for (const time of itsTime) {
      expect(time).toBeGreaterThan(before - behind)
      expect(time).toBeLessThanOrEqual(after)
    }
    expect(result.given).toEqual([5, Date.UTC(2026, 0), Date.UTC(2026, 0)])
    expect(result.isDate).toBe(true)
    expect(result.remaining).toBeLessThanOrEqual(3000)
    expect(result.remaining).toBeGreaterThan(-1)
    const line = cloud
      .lines('clock')
      .filter(text => text.endsWith('here'))
      .at(-1)
    expect(Date.parse(line!.split('\t')[0]!)).toBeGreaterThan(before - behind)
  }
})
