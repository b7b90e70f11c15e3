import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { movableClock, stillClock } from './clock.ts'
import { fairAfter } from './fair-after.ts'

/** Milliseconds that this machine could not spare. */
let lost = 0
let looking = 0
const machine = () => {
  looking++
  return { lost: () => lost, end: () => void looking-- }
}

beforeEach(() => {
  lost = 0
  looking = 0
  vi.useFakeTimers()
})
afterEach(() => void vi.useRealTimers())

test('on a quiet machine it rings when it is due by the clock', () => {
  let rings = 0
  fairAfter(movableClock(), 3000, () => rings++, machine())
  vi.advanceTimersByTime(2950)
  expect(rings).toBe(0)
  vi.advanceTimersByTime(50)
  expect({ rings, looking }).toEqual({ rings: 1, looking: 0 })
})

test('what a busy machine could not spare is added, and what it could not spare meanwhile', () => {
  let rings = 0
  fairAfter(movableClock(), 3000, () => rings++, machine())
  lost = 2000
  vi.advanceTimersByTime(4900)
  lost = 2500
  vi.advanceTimersByTime(550)
  expect(rings).toBe(0)
  vi.advanceTimersByTime(100)
  expect(rings).toBe(1)
})

test('a ring that comes late has waited already: only what is left is added', () => {
  let rings = 0
  let delay = 2000
  const after = (ms: number, ring: () => void) => {
    const timer = setTimeout(ring, ms + delay)
    delay = 0
    return () => clearTimeout(timer)
  }
  fairAfter({ ...movableClock(), after }, 1000, () => rings++, machine())
  lost = 2750
  vi.advanceTimersByTime(3000)
  expect(rings).toBe(0)
  vi.advanceTimersByTime(800)
  expect(rings).toBe(1)
})

test('a clock that is moved is believed, however busy the machine', () => {
  for (const clock of [movableClock(), stillClock()]) {
    let rings = 0
    fairAfter(clock, 30_000, () => rings++, machine())
    lost = 5000
    vi.advanceTimersByTime(5000)
    clock.advance(30_000)
    expect(rings).toBe(1)
  }
})

test('one that is called off never rings, and nothing is left that looks', () => {
  const callOff = fairAfter(movableClock(), 3000, () => expect.unreachable(), machine())
  callOff()
  vi.advanceTimersByTime(4000)
  expect(looking).toBe(0)
})
