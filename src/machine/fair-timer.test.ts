import { afterEach, beforeEach, expect, test, vi } from 'vitest'

/** Milliseconds that the one processor of this machine has been idle and busy. */
const spent = { idle: 0, busy: 0 }
vi.mock('node:os', () => ({
  cpus: () => [{ times: { user: spent.busy, nice: 0, sys: 0, irq: 0, idle: spent.idle } }],
}))
const { fairTimeout } = await import('./fair-timer.ts')

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

test('on a machine with time to spare it rings when it is due', () => {
  let rings = 0
  fairTimeout(3000, () => rings++)
  pass(2950, 0.9)
  expect(rings).toBe(0)
  pass(50, 0.9)
  expect(rings).toBe(1)
  pass(10_000, 0.9)
  expect(rings).toBe(1)
})

test('while every processor is busy, time counts for an eighth', () => {
  let rings = 0
  fairTimeout(3000, () => rings++)
  pass(20_000, 1)
  expect(rings).toBe(0)
  pass(4500, 1)
  expect(rings).toBe(1)
})

test('a machine that was busy for a while is waited for as long as that took', () => {
  let rings = 0
  fairTimeout(3000, () => rings++)
  pass(8000, 1)
  pass(1500, 0)
  expect(rings).toBe(0)
  pass(1000, 0)
  expect(rings).toBe(1)
})

test('one that is called off never rings, and nothing is left that looks', () => {
  const callOff = fairTimeout(3000, () => expect.unreachable())
  callOff()
  callOff()
  // It looks once more, in case that somebody else waits by then.
  vi.advanceTimersByTime(250)
  expect(vi.getTimerCount()).toBe(0)
})
