import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { availableParallelism } from 'node:os'
import { expect, test } from 'vitest'
import { processTimeout } from './process-timeout.ts'
import { isStarved, measureStarvation, shareOf } from './starvation.ts'

const isLinux = process.platform === 'linux'
const loop = () => spawn(process.execPath, ['-e', 'process.stdout.write("x"); for (;;);'])

test('a process that runs is not starved', () => {
  const measured = measureStarvation()
  for (const end = performance.now() + 50; performance.now() < end; );
  const { elapsed, ran } = measured.read()
  measured.end()
  expect(elapsed).toBeGreaterThanOrEqual(50)
  expect(ran).toBeGreaterThan(0)
})

test.each([
  [{ elapsed: 9_000, waited: 6_000 }, true],
  [{ elapsed: 1_000, waited: 900 }, false],
  [{ elapsed: 50_000, waited: 3_000 }, false],
])('%j: starved is %j', (share, starved) => {
  expect(isStarved(share)).toBe(starved)
})

test.runIf(isLinux)('what a process waits for a processor does not count against its limit', async () => {
  const all = Array.from({ length: 4 * availableParallelism() }, loop)
  await Promise.all(all.map(child => once(child.stdout, 'data')))
  const [first] = all
  const before = shareOf(first!.pid!)!
  const began = performance.now()
  await new Promise<void>(resolve => processTimeout(first!.pid!, 300, resolve))
  const elapsed = performance.now() - began
  const after = shareOf(first!.pid!)!
  for (const child of all) child.kill('SIGKILL')
  await Promise.all(all.map(child => once(child, 'close')))
  const waited = after.waited - before.waited
  expect(waited).toBeGreaterThan(0)
  // A millisecond is lost in rounding, and some waiting may have come between the ring and this.
  expect(elapsed).toBeGreaterThanOrEqual(299)
  expect(elapsed).toBeLessThan(20 * 300 + 60_000)
})

test('a limit for a process that has ended is kept all the same', async () => {
  const child = spawn(process.execPath, ['-e', ''])
  await once(child, 'close')
  await new Promise<void>(resolve => processTimeout(child.pid!, 20, resolve))
})

test('a limit that is called off does nothing', async () => {
  let rang = false
  const callOff = processTimeout(process.pid, 10, () => {
    rang = true
  })
  callOff()
  await new Promise<void>(resolve => processTimeout(process.pid, 30, resolve))
  expect(rang).toBe(false)
})
