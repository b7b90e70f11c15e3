import { expect, test } from 'vitest'
import { movableClock } from './clock.ts'

const fixed = () => movableClock(() => 1_000)

test('moving the clock runs what falls due on the way, in the order in which it falls due', () => {
  const clock = fixed()
  const rung: string[] = []
  clock.after(300, () => rung.push('c'))
  clock.after(100, () => rung.push('a'))
  clock.after(100, () => rung.push('b'))
  clock.after(500, () => rung.push('never'))
  clock.advance(400)
  expect(rung).toEqual(['a', 'b', 'c'])
  expect(clock.now()).toBe(1_400)
})

test('a task sees the hour for which it was set, and what it sets is run on the same journey', () => {
  const clock = fixed()
  const hours: number[] = []
  clock.after(100, () => {
    hours.push(clock.now())
    clock.after(100, () => hours.push(clock.now()))
  })
  clock.advance(1_000)
  expect(hours).toEqual([1_100, 1_200])
  expect(clock.now()).toBe(2_000)
})

test('what is called off does not run', () => {
  const clock = fixed()
  const rung: string[] = []
  const callOff = clock.after(100, () => rung.push('a'))
  callOff()
  clock.after(100, () => rung.push('b'))
  clock.stop()
  clock.advance(1_000)
  expect(rung).toEqual([])
})

test('without being moved the clock runs by real time', async () => {
  const clock = movableClock()
  const before = clock.now()
  await new Promise<void>(resolve => {
    // The clock keeps no process alive, so something else must.
    const alive = setInterval(() => {}, 1_000)
    clock.after(20, () => {
      clearInterval(alive)
      resolve()
    })
  })
  expect(clock.now() - before).toBeGreaterThanOrEqual(19)
  clock.stop()
})

test('an appointment further away than a timer can count does not ring at once', async () => {
  const clock = movableClock()
  let rung = false
  clock.after(2 ** 40, () => {
    rung = true
  })
  await new Promise(resolve => setImmediate(resolve))
  expect(rung).toBe(false)
  clock.advance(2 ** 40)
  expect(rung).toBe(true)
  clock.stop()
})
