import { setImmediate as turn } from 'node:timers/promises'
import { expect, onTestFinished, test, vi } from 'vitest'
import type { Finding, Settling } from '#kit'
import { lab1 } from '../../labs/lab1-missing-route/lab.ts'
import { startGuardian } from '../cloud/guardian.ts'
import { HANG } from '../machine/bounds.ts'
import { localTarget } from '../targets/local.ts'
import { type Assembler, onItsOwn } from './assemble.ts'
import { check } from './check.ts'
import { type Time, untilSettled } from './until-settled.ts'

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

/** Time that passes only while somebody pauses. */
function pausedTime(): Time {
  let now = 0
  return {
    now: () => now,
    async pause(ms) {
      now += ms
    },
  }
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
  expect(await untilSettled(how, pausedTime())(judge)).toBe(kept)
  expect(judge.asked).toBe(3)
  expect(how.told).toEqual([expect.stringContaining('waiting for IAM, up to 5 s')])
})

test('a refusal that lasts is one; the next is believed at once', async () => {
  const how = settling({ window: 30 })
  const settle = untilSettled(how, pausedTime())
  expect(await settle(judging(denied))).toBe(denied)
  const next = judging(denied)
  expect(await settle(next)).toBe(denied)
  expect(next.asked).toBe(1)
  expect(how.told).toHaveLength(1)
})

test('another outcome begins the window anew', async () => {
  const findings = Array.from({ length: 8 }, (_, index) => broken(`${index}: refused with 500`))
  const judge = judging(...findings, kept)
  // Eight changes, each within the window, last longer than one window.
  expect(await untilSettled(settling({ window: 60, every: 20 }), pausedTime())(judge)).toBe(kept)
})

test('ids and nonces make no other outcome', async () => {
  let count = 0
  const judge = async () => {
    count++
    return broken(
      `{"message": "Internal server error", "connectionId":"QhcnJCHEzSoZT${count % 10}A="} for 0badcafe`,
    )
  }
  await untilSettled(settling({ window: 40, every: 10 }), pausedTime())(judge)
  // The first, and one each pause until the window is over.
  expect(count).toBe(5)
})

test('what is broken without a refusal is broken, and nobody waits', async () => {
  const how = settling()
  const judge = judging(broken('silence'))
  expect(await untilSettled(how, pausedTime())(judge)).toMatchObject({ observed: 'silence' })
  expect([judge.asked, how.told]).toEqual([1, []])
})

test('long after the deployment a refusal is believed, and at the bound the wait is over', async () => {
  const late = untilSettled(settling({ within: 0 }), pausedTime())
  const judge = judging(denied)
  expect(await late(judge)).toBe(denied)
  expect(judge.asked).toBe(1)

  const settle = untilSettled(settling({ within: 40, window: 60_000 }), pausedTime())
  expect(await settle(judging(denied))).toBe(denied)
})

test('where IAM is never late nothing is tried twice', async () => {
  const judge = judging(denied)
  expect(await untilSettled(undefined)(judge)).toBe(denied)
  await turn()
  expect(judge.asked).toBe(1)
})

test('a lab whose stack is right passes where IAM hears late, and would not without the wait', async () => {
  const guardian = startGuardian()
  // IAM goes by this clock. It hears once the wait has been announced, and not before.
  const lag = 3_600_000
  vi.useFakeTimers({ toFake: ['performance'] })
  onTestFinished(() => void vi.useRealTimers())
  const cloud = await localTarget(guardian, { iamLag: lag })
  const told: string[] = []
  const tell = (text: string) => {
    told.push(text)
    vi.advanceTimersByTime(lag)
  }
  const how = { within: HANG, window: HANG, every: 200, tell }
  const assembler: Assembler = { ...onItsOwn(guardian), async typecheck() {} }
  try {
    const course = check(lab1, { kind: 'solution' }, { ...cloud, settling: how }, guardian, assembler)
    let next = await course.next()
    while (!next.done) next = await course.next()
    expect(next.value).toMatchObject({ verdict: 'pass' })
    expect(told).toEqual([expect.stringContaining('waiting for IAM')])
  } finally {
    await cloud.stop()
    await guardian.stop()
  }
})
