import { expect, test } from 'vitest'
import { movableClock } from '../../clock.ts'
import type { Connection } from './connection.ts'
import { IDLE, LIFETIME, watchLifetimes } from './lifetimes.ts'

const connection = (name: string, connectedAt: number): Connection =>
  ({ peer: { connectionId: name, connectedAt }, lastActiveAt: connectedAt }) as unknown as Connection

/** A clock that moves only when it is told to. */
const stillClock = () => movableClock(() => 0)

test('A35, A36, A37: each goes when its own time is up', () => {
  const clock = stillClock()
  const gone: string[] = []
  const lifetimes = watchLifetimes(clock, one => {
    lifetimes.end(one)
    gone.push(`${one.peer.connectionId} ${clock.now()}`)
  })
  const quiet = connection('quiet', 0)
  const lively = connection('lively', 0)

  lifetimes.start(quiet)
  lifetimes.start(lively)
  for (let at = 0; at < LIFETIME; at += IDLE / 2) {
    lifetimes.touch(lively)
    clock.advance(IDLE / 2)
  }

  expect(gone).toEqual([`quiet ${IDLE}`, `lively ${LIFETIME}`])
  clock.stop()
})

test('those who come after everybody has left are watched too', () => {
  const clock = stillClock()
  const gone: Connection[] = []
  const lifetimes = watchLifetimes(clock, one => {
    lifetimes.end(one)
    gone.push(one)
  })
  const first = connection('first', 0)
  lifetimes.start(first)
  lifetimes.end(first)
  clock.advance(IDLE)

  lifetimes.start(connection('second', clock.now()))
  clock.advance(IDLE - 1)
  expect(gone).toEqual([])
  clock.advance(1)

  expect(gone).toHaveLength(1)
  clock.stop()
})

test('ten thousand connections need one appointment', () => {
  let appointments = 0
  const clock = stillClock()
  const counting = {
    ...clock,
    after(ms: number, task: () => void) {
      appointments++
      return clock.after(ms, task)
    },
  }
  const lifetimes = watchLifetimes(counting, one => lifetimes.end(one))
  const all = Array.from({ length: 10_000 }, (_, n) => connection(String(n), 0))

  for (const one of all) lifetimes.start(one)
  for (const one of all) lifetimes.touch(one)

  expect(appointments).toBe(1)
  clock.advance(LIFETIME)
  expect(appointments).toBeLessThan(5)
})
