import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { movableClock, stillClock } from './clock.ts'

/** Milliseconds that the one processor of this machine has been idle and busy. */
const spent = { idle: 0, busy: 0 }
vi.mock('node:os', () => ({
  cpus: () => [{ times: { user: spent.busy, nice: 0, sys: 0, irq: 0, idle: spent.idle } }],
}))
const { fairAfter } = await import('./fair-after.ts')

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

/** Lets time pass on a machine that is busy for this share of it. */
function pass(ms: number, share: number) {
  for (let passed = 0; passed < ms; passed += 50) {
    spent.busy += 50 * share
    spent.idle += 50 * (1 - share)
    vi.advanceTimersByTime(50)
  }
}

test('on a quiet machine it rings when it is due by the clock', () => {
  let rings = 0
  fairAfter(movableClock(), 3000, () => rings++)
  pass(2950, 0.5)
  expect(rings).toBe(0)
  pass(100, 0.5)
  expect(rings).toBe(1)
})

test('what a busy machine could not spare is added', () => {
  let rings = 0
  fairAfter(movableClock(), 3000, () => rings++)
  pass(2000, 1)
  pass(2500, 0)
  expect(rings).toBe(0)
  pass(500, 0)
  expect(rings).toBe(1)
})

test('a clock that is moved is believed, however busy the machine', () => {
  for (const clock of [movableClock(), stillClock()]) {
    let rings = 0
    fairAfter(clock, 30_000, () => rings++)
    pass(5000, 1)
    clock.advance(30_000)
    expect(rings).toBe(1)
  }
})

test('one that is called off never rings, and nothing is left that looks', () => {
  const clock = movableClock()
  const callOff = fairAfter(clock, 3000, () => expect.unreachable())
  callOff()
  expect(vi.getTimerCount()).toBe(0)
})
