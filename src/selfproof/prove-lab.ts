import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Lab, Verdict } from '#kit'
import type { Fixes } from '../../checks/fix.ts'
import { type Guardian, startGuardian } from '../cloud/guardian.ts'
import { findingInWords, verdictInWords } from '../report/terminal.ts'
import { check } from '../run/check.ts'
import { house } from '../run/house.ts'
import type { Choice } from '../run/source.ts'
import { type LocalTarget, localTarget } from '../targets/local.ts'

/**
 * The lab's contract, as tests: the untouched starter breaks exactly what the definition names, and says so in the
 * golden transcript; the solution keeps everything; each wrong fix is refused where it is said to be; each right one passes.
 */
export function proveLab(lab: Lab, fixes: Fixes): void {
  let guardian: Guardian
  let target: LocalTarget
  beforeAll(async () => {
    guardian = startGuardian()
    target = await localTarget(guardian)
  })
  afterAll(async () => {
    await target.stop()
    await guardian.stop()
  })

  const room = join(house, 'checks', lab.id)
  const from = (kind: 'wrong' | 'right', name: string): Choice => ({
    kind: 'from',
    directory: join('checks', lab.id, kind, name),
  })
  const checked = (choice: Choice) => checkedOn(lab, choice, target, guardian)

  test('the untouched starter breaks exactly what it is said to break, and the report is the golden one', async () => {
    const { verdict, report } = await checked({ kind: 'starter' })
    expect(brokenBy(verdict)).toEqual(lab.starterBreaks)
    expect(verdict.verdict).toBe('fail')
    await expect(withoutChance(report)).toMatchFileSnapshot(join(room, 'starter.txt'))
  })

  test('the solution keeps every promise', async () => {
    const { verdict } = await checked({ kind: 'solution' })
    expect(verdict.criteria.filter(one => one.verdict !== 'pass')).toEqual([])
    expect(verdict.verdict).toBe('pass')
  })

  test('every folder of fixes is in the table, and the other way round', () => {
    expect(Object.keys(fixes.wrong).sort()).toEqual(readdirSync(join(room, 'wrong')).sort())
    expect(Object.keys(fixes.right).sort()).toEqual(readdirSync(join(room, 'right')).sort())
    expect(Object.keys(fixes.wrong).length).toBeGreaterThanOrEqual(8)
    expect(Object.keys(fixes.right).length).toBeGreaterThanOrEqual(6)
  })

  for (const [name, { refusedAt, because }] of Object.entries(fixes.wrong)) {
    test(`wrong/${name} is refused at ${refusedAt}: ${because}`, async () => {
      const { verdict, report } = await checked(from('wrong', name))
      expect(brokenBy(verdict)[0], report).toBe(refusedAt)
      expect(verdict.verdict).toBe('fail')
    })
  }

  for (const name of Object.keys(fixes.right)) {
    test(`right/${name} passes`, async () => {
      const { verdict, report } = await checked(from('right', name))
      expect(verdict.verdict, report).toBe('pass')
    })
  }
}

async function checkedOn(
  lab: Lab,
  choice: Choice,
  target: LocalTarget,
  guardian: Guardian,
): Promise<{ verdict: Verdict; report: string }> {
  const course = check(lab, choice, target, guardian)
  let report = ''
  for (;;) {
    const next = await course.next()
    if (next.done)
      return { verdict: next.value, report: report + verdictInWords(next.value, lab.explanation, false) }
    report += findingInWords(next.value, false)
  }
}

const brokenBy = (verdict: Verdict): string[] =>
  verdict.criteria.filter(one => one.verdict === 'fail').map(one => one.id)

/** A report with everything that chance decides made the same: ids, nonces, invented names, times. */
const withoutChance = (report: string): string =>
  report
    .replace(/[\w-]{15}=/g, 'AAAAAAAAAAAAAAA=')
    .replace(/-[A-Z0-9]{12}\b/g, '-ABCDEFGHIJKL')
    .replace(/\b[0-9a-f]{8}\b/g, '01234567')
    .replace(/(execute-api:us-east-1:[*\d]+:)[a-z0-9]{10}/g, '$1a1b2c3d4e5')
    .replace(/\(\d+\.\d s\)/g, '(1.0 s)')
