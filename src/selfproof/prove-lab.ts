import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Finding, Lab, Verdict } from '#kit'
import type { Fixes } from '../../checks/fix.ts'
import { findServerProgram } from '../cloud/elasticache/server-program.ts'
import { type Guardian, startGuardian } from '../cloud/guardian.ts'
import { findingInWords, verdictInWords } from '../report/terminal.ts'
import type { Assembler } from '../run/assemble.ts'
import { check } from '../run/check.ts'
import { house } from '../run/house.ts'
import { type KeptBrowser, keptBrowser } from '../run/kept-browser.ts'
import { sharedAssembler } from '../run/shared-assembler.ts'
import type { Choice } from '../run/source.ts'
import { TOGETHER_TIMEOUT } from '../run/typecheck-together.ts'
import { localTarget } from '../targets/local.ts'

/**
 * The lab's contract, as tests: the untouched starter breaks exactly what the definition names, and says so in the
 * golden transcript; the solution keeps everything; each wrong fix is refused where it is said to be; each right one passes.
 */
export function proveLab(lab: Lab, fixes: Fixes): void {
  const room = join(house, 'checks', lab.id)
  const from = (kind: 'wrong' | 'right', name: string): Choice => ({
    kind: 'from',
    directory: join(room, kind, name),
    given: `checks/${lab.id}/${kind}/${name}`,
  })
  const guardian = startGuardian()
  const assembler = sharedAssembler(
    lab,
    [
      { kind: 'starter' },
      { kind: 'solution' },
      ...Object.keys(fixes.wrong).map(name => from('wrong', name)),
      ...Object.keys(fixes.right).map(name => from('right', name)),
    ],
    guardian,
  )
  const browser = keptBrowser(guardian)
  // One for all checks: none of them may close it for the others. Each page has cookies and storage of its own.
  const shared: KeptBrowser = { open: browser.open, close: async () => {} }
  const checked = async (choice: Choice) => {
    const { verdict, report } = await checkedOnItsOwn(lab, choice, guardian, assembler, shared)
    return { verdict: verdict!, report }
  }
  beforeAll(assembler.prepare, TOGETHER_TIMEOUT)
  afterAll(async () => {
    assembler.stop()
    await browser.close()
    await guardian.stop()
  })

  test.concurrent('the untouched starter breaks exactly what it is said to break, and the report is the golden one', async ({
    expect,
  }) => {
    const { verdict, report } = await checked({ kind: 'starter' })
    expect(brokenBy(verdict)).toEqual(lab.starterBreaks)
    expect(verdict.verdict).toBe('fail')
    await expect(withoutChance(report)).toMatchFileSnapshot(join(room, 'starter.txt'))
  })

  test.concurrent('the solution keeps every promise', async ({ expect }) => {
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
    test.concurrent(`wrong/${name} is refused at ${refusedAt}: ${because}`, async ({ expect }) => {
      const { finding, report } = await checkedOnItsOwn(
        lab,
        from('wrong', name),
        guardian,
        assembler,
        shared,
        true,
      )
      expect({ id: finding?.id, verdict: finding?.verdict }, report).toEqual({
        id: refusedAt,
        verdict: 'fail',
      })
    })
  }

  for (const [name, fix] of Object.entries(fixes.right)) {
    const because = typeof fix === 'string' ? fix : fix.because
    const lacks =
      typeof fix === 'string' || findServerProgram() ? '' : ' (skipped: no Valkey or Redis server here)'
    const prove = lacks ? test.skip : test.concurrent
    prove(`right/${name} passes: ${because}${lacks}`, async ({ expect }) => {
      const { verdict, report } = await checked(from('right', name))
      expect(verdict.verdict, report).toBe('pass')
    })
  }
}

/**
 * Each check has a cloud of its own, so that two can be under way: most of their time is waiting for a silence to end.
 * One that only has to be refused ends with the first promise that is not kept, `finding`; it comes to no verdict.
 */
async function checkedOnItsOwn(
  lab: Lab,
  choice: Choice,
  guardian: Guardian,
  assembler: Assembler,
  browser: KeptBrowser,
  untilRefused = false,
): Promise<{ verdict?: Verdict; finding?: Finding; report: string }> {
  const target = await localTarget(guardian)
  try {
    const course = check(lab, choice, target, guardian, assembler, browser)
    let report = ''
    for (;;) {
      const { done, value } = await course.next()
      if (done) return { verdict: value, report: report + verdictInWords(value, lab.explanation, false) }
      report += findingInWords(value, false)
      if (!untilRefused || value.verdict === 'pass' || value.verdict === 'skipped') continue
      // Ended before its time, a check takes its stack down all the same.
      await course.return(undefined as never)
      return { finding: value, report }
    }
  } finally {
    await target.stop()
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
