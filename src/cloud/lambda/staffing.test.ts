import { expect, test } from 'vitest'
import { recentMean, type Staff, wantedStarts } from './staffing.ts'

const staff = (changes: Partial<Staff>): Staff => ({
  waiting: 1,
  up: 1,
  starting: 0,
  stuckFor: 0,
  usualRun: 1,
  startCost: 200,
  isMachineFull: false,
  ...changes,
})

test.each<[string, Partial<Staff>, number]>([
  ['nobody waits', { waiting: 0 }, 0],
  ['there is no instance', { up: 0 }, 1],
  ['the first instance is starting', { up: 0, starting: 1, waiting: 20, usualRun: undefined }, 1],
  [
    'the first instance starts slowly, and more than one wait',
    { up: 0, starting: 1, waiting: 20, stuckFor: 200 },
    2,
  ],
  ['the only one who waits has an instance starting', { up: 0, starting: 1, stuckFor: 9_000 }, 1],
  ['the function is quick, and a hundred wait', { waiting: 100 }, 0],
  ['the function is slow, and three wait', { waiting: 3, usualRun: 1_000 }, 3],
  ['those who wait will have their turn soon', { waiting: 30, usualRun: 10, up: 2 }, 0],
  ['those who wait would wait for longer than a start takes', { waiting: 100, usualRun: 10, up: 2 }, 3],
  ['enough are starting', { waiting: 100, usualRun: 10, up: 2, starting: 3 }, 3],
  ['no instance has come free for a while', { stuckFor: 200, usualRun: undefined }, 1],
  [
    'the machine is full, and some instances are there',
    { waiting: 1_000, usualRun: 10, up: 64, isMachineFull: true },
    0,
  ],
  [
    'the machine is full, and nothing moves',
    { waiting: 9, usualRun: 10, up: 64, isMachineFull: true, stuckFor: 201 },
    1,
  ],
])('when %s, so many instances should be starting', (_, changes, wanted) => {
  expect(wantedStarts(staff(changes))).toBe(wanted)
})

test('a mean forgets what is long past', () => {
  const mean = recentMean()
  expect(mean.value).toBeUndefined()
  mean.add(100)
  expect(mean.value).toBe(100)
  for (let n = 0; n < 50; n++) mean.add(10)
  expect(mean.value).toBeCloseTo(10, 1)
})
