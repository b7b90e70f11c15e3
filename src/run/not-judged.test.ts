import { expect, test } from 'vitest'
import type { Criterion, Finding, Target } from '#kit'
import { NoBrowser } from './browser.ts'
import { notJudged, type OutOfReach } from './not-judged.ts'

const noBrowser = { open: () => Promise.reject(new NoBrowser('none')), close: async () => {} }
const aws = { name: 'aws', can: new Set() } as unknown as Target

const criterion = (id: string, more: Partial<Criterion> = {}): Criterion => ({
  id,
  says: id,
  hint: '',
  probe: async () => {},
  ...more,
})

/** What is said of the last of these criteria, where those before it come out as given or are skipped. */
async function saidOfTheLast(
  criteria: readonly Criterion[],
  verdicts: Readonly<Record<string, Finding['verdict']>> = {},
): Promise<string | undefined> {
  const findings: Finding[] = []
  const outOfReach: OutOfReach = new Map()
  let last: Finding | undefined
  for (const one of criteria) {
    last = await notJudged(one, findings, outOfReach, aws, noBrowser)
    findings.push(last ?? { id: one.id, says: one.says, verdict: verdicts[one.id] ?? 'pass', ms: 0 })
  }
  return last?.means
}

test('what comes after a broken promise is not tried, and neither is what comes after that', async () => {
  const chain = [
    criterion('one'),
    criterion('two', { after: ['one'] }),
    criterion('three', { after: ['two'] }),
  ]
  expect(await saidOfTheLast(chain)).toBeUndefined()
  expect(await saidOfTheLast(chain, { one: 'fail' })).toBe('Not tried, because "two" comes first.')
})

test('what comes after something that cannot be tried here is skipped with that reason, and blames no promise', async () => {
  const chain = [
    criterion('the page hears', { needs: ['browser'] }),
    criterion('the page recovers', { needs: ['browser'], after: ['the page hears'] }),
  ]
  expect(await saidOfTheLast(chain)).toMatch(/^Not checked here: no browser starts/)
  expect(await saidOfTheLast([criterion('rows go', { needs: ['clock'] })])).toMatch(/^Not checked on aws/)
  expect(await saidOfTheLast([criterion('by the domain', { needs: ['domain'] })])).toBe(
    'Not checked on aws: the check has no custom domain there.',
  )
})

test('a broken promise is the reason where there is one, whatever else is missing', async () => {
  const last = criterion('the page hears', { needs: ['browser'], after: ['one'] })
  expect(await saidOfTheLast([criterion('one'), last], { one: 'fail' })).toBe(
    'Not tried, because "one" comes first.',
  )
})
