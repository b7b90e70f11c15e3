import { expect, test } from 'vitest'
import type { Line } from './line.ts'
import { cannotTell, silence, unhurried } from './silence.ts'
import { startTranscript } from './transcript.ts'

const there = async () => {}
const aPage: Line = { there, isOpen: true }
const aProgram: Line = { there, isOpen: true, isOpaque: true }
const anEndedProgram: Line = { ...aProgram, isOpen: false }
const atRest = async () => 0
/** Rejects when nobody wants to know any more, as the cloud's own does. */
const neverAtRest = (signal: AbortSignal) =>
  new Promise<number>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason))
  })

const decidedWith = (others: readonly Line[], rest: typeof neverAtRest | undefined, within = 10_000) =>
  silence(rest, [], startTranscript(), new Set(), others).isDecided(AbortSignal.timeout(within))

test.each([
  ['sockets only', []],
  ['a page that has done all its tasks', [aPage]],
  ['a program that has ended', [anEndedProgram]],
])('more time changes nothing when all is at rest: %s', async (_, others) => {
  expect(await decidedWith(others, atRest)).toBe(true)
})

test.each([
  ['a program that still runs may be late', [aProgram], atRest],
  ['a target that cannot tell', [], undefined],
  ['a cloud that is at work', [], neverAtRest],
])('more time may change something: %s', async (_, others, rest) => {
  expect(await decidedWith(others, rest, 500)).toBe(false)
})

test('what a page does by its own timers is waited for, and decided by its scene', async () => {
  const scene = { ...cannotTell, isProved: async () => true, isDecided: async () => true }
  const signal = AbortSignal.timeout(1_000)
  expect(await unhurried(scene).isProved(signal)).toBe(false)
  expect(await unhurried(scene).isDecided(signal)).toBe(true)
})
