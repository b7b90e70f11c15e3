import { expect, test } from 'vitest'
import { type Appointment, appointments } from './appointments.ts'

const nothing = () => {}

test('the soonest comes first, and of two at the same time the one that was made first', () => {
  const all = appointments()
  const made = [5, 3, 9, 3, 1, 7].map(due => all.add(due, nothing))
  const came: Appointment[] = []
  for (let next = all.soonest(); next; next = all.soonest()) {
    came.push(next)
    all.callOff(next)
  }
  expect(came).toEqual([made[4], made[1], made[3], made[0], made[5], made[2]])
  expect(came[1]).toBe(made[1])
})

test('what is called off does not come, and is called off only once', () => {
  const all = appointments()
  const [first, second] = [all.add(1, nothing), all.add(2, nothing)]
  expect(all.callOff(first)).toBe(true)
  expect(all.callOff(first)).toBe(false)
  expect(all.soonest()).toBe(second)
})

test('thousands that come and go leave the others in their order', () => {
  const all = appointments()
  const kept: Appointment[] = []
  for (let n = 0; n < 5_000; n++) {
    const one = all.add((n * 7_919) % 5_003, nothing)
    if (n % 10 === 0) kept.push(one)
    else all.callOff(one)
  }
  const came: Appointment[] = []
  for (let next = all.soonest(); next; next = all.soonest()) {
    came.push(next)
    all.callOff(next)
  }
  expect(came).toEqual(kept.sort((a, b) => a.due - b.due))
})

test('after all are cleared, nothing comes', () => {
  const all = appointments()
  const one = all.add(1, nothing)
  all.clear()
  expect(all.soonest()).toBeUndefined()
  expect(all.callOff(one)).toBe(false)
})
