import { setTimeout as pause } from 'node:timers/promises'
import { expect, test } from 'vitest'
import type { Finding, Settling } from '#kit'
import { untilSettled } from './until-settled.ts'

const broken = (observed: string, evidence: readonly string[] = []): Finding => ({
  id: 'everybody-hears',
  says: 'What one client says, every client hears',
  verdict: 'fail',
  observed,
  evidence,
  ms: 1,
})
const kept: Finding = {
  id: 'everybody-hears',
  says: 'What one client says, every client hears',
  verdict: 'pass',
  ms: 1,
}

/** A judge whose findings come one after the other, the last for ever. */
function judging(...findings: Finding[]) {
  const judge = async () => {
    judge.asked++
    return findings.length > 1 ? findings.shift()! : findings[0]!
  }
  judge.asked = 0
  return judge
}

function settling(more: Partial<Settling> = {}) {
  const told: string[] = []
  return { told, within: 5_000, window: 200, every: 5, tell: (text: string) => void told.push(text), ...more }
}

const denied = broken('silence', [
  'Say logged: AccessDeniedException: User: x is not authorized to perform: y',
])

test('a refusal that ends is none, and the wait is announced before it', async () => {
  const how = settling()
  const judge = judging(denied, denied, kept)
  expect(await untilSettled(how)(judge)).toBe(kept)
  expect(judge.asked).toBe(3)
  expect(how.told).toEqual([expect.stringContaining('waiting for IAM, up to 5 s')])
})

test('a refusal that lasts is one; the next is believed at once', async () => {
  const how = settling({ window: 30 })
  const settle = untilSettled(how)
  expect(await settle(judging(denied))).toBe(denied)
  const next = judging(denied)
  expect(await settle(next)).toBe(denied)
  expect(next.asked).toBe(1)
  expect(how.told).toHaveLength(1)
})

test('another outcome begins the window anew', async () => {
  const findings = Array.from({ length: 8 }, (_, index) => broken(`refused with 500 (${index})`))
  const judge = judging(...findings, kept)
  // Eight changes, each within the window, last longer than one window.
  expect(await untilSettled(settling({ window: 60, every: 20 }))(judge)).toBe(kept)
})

test('what is broken without a refusal is broken, and nobody waits', async () => {
  const how = settling()
  const judge = judging(broken('silence'))
  expect(await untilSettled(how)(judge)).toMatchObject({ observed: 'silence' })
  expect([judge.asked, how.told]).toEqual([1, []])
})

test('long after the deployment a refusal is believed, and at the bound the wait is over', async () => {
  const late = untilSettled(settling({ within: 0 }))
  const judge = judging(denied)
  expect(await late(judge)).toBe(denied)
  expect(judge.asked).toBe(1)

  const settle = untilSettled(settling({ within: 40, window: 60_000 }))
  expect(await settle(judging(denied))).toBe(denied)
})

test('where IAM is never late nothing is tried twice', async () => {
  const judge = judging(denied)
  expect(await untilSettled(undefined)(judge)).toBe(denied)
  await pause(0)
  expect(judge.asked).toBe(1)
})
