import { join } from 'node:path'
import { afterAll, beforeAll, test } from 'vitest'
import { type Finding, hasFault, type Lab, type Verdict } from '#kit'
import { findServerProgram } from '../cloud/elasticache/server-program.ts'
import { type Guardian, startGuardian } from '../cloud/guardian.ts'
import { type Fix, fixesOf } from '../fixes/fixes.ts'
import { handInOf, layOut } from '../fixes/lay-out.ts'
import { sampleOf } from '../fixes/sample.ts'
import { findingInWords, verdictInWords } from '../report/terminal.ts'
import type { Assembler } from '../run/assemble.ts'
import { check } from '../run/check.ts'
import { house } from '../run/house.ts'
import { type KeptBrowser, keptBrowser } from '../run/kept-browser.ts'
import { sharedAssembler } from '../run/shared-assembler.ts'
import type { Choice } from '../run/source.ts'
import { TOGETHER_TIMEOUT } from '../run/typecheck-together.ts'
import { workspace } from '../run/workspace.ts'
import { localTarget } from '../targets/local.ts'

/**
 * The lab's contract, as tests: the untouched starter breaks exactly what the definition names, and its report is the
 * golden transcript; the solution keeps everything; each wrong fix is refused where its header says; each right one
 * passes. `npm test` tries a sample of the fixes, `npm run prove` all of them.
 */
export function proveLab(lab: Lab, extent: 'a sample' | 'all fixes'): void {
  const all = fixesOf(lab)
  const fixes = extent === 'all fixes' ? all : sampleOf(lab, all)
  const guardian = startGuardian()
  const shelf = workspace(guardian, `${lab.id}-fixes`)
  const choiceOf = (fix: Fix): Choice => handInOf(fix, join(shelf, fix.kind, fix.name))
  const assembler = sharedAssembler(
    lab,
    [{ kind: 'starter' }, { kind: 'solution' }, ...fixes.map(choiceOf)],
    guardian,
  )
  const browser = keptBrowser(guardian)
  // One for all checks: none of them may close it for the others. Each page has cookies and storage of its own.
  const shared: KeptBrowser = { open: browser.open, close: async () => {} }
  const checked = async (choice: Choice) => {
    const { verdict, report } = await checkedOnItsOwn(lab, choice, guardian, assembler, shared)
    return { verdict: verdict!, report }
  }
  beforeAll(async () => {
    for (const fix of fixes) await layOut(fix, join(shelf, fix.kind, fix.name))
    await assembler.prepare()
  }, TOGETHER_TIMEOUT)
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
    expect(verdict.verdict).toBe(hasFault(lab) ? 'fail' : 'pass')
    const golden = join(house, 'checks', lab.id, 'starter.txt')
    await expect(withoutChance(report)).toMatchFileSnapshot(golden)
  })

  test.concurrent('the solution keeps every promise', async ({ expect }) => {
    const { verdict } = await checked({ kind: 'solution' })
    expect(verdict.criteria.filter(one => one.verdict !== 'pass')).toEqual([])
    expect(verdict.verdict).toBe('pass')
  })

  for (const fix of fixes) {
    const { kind, name, because } = fix
    const isMissing = fix.needs === 'cache-server' && !findServerProgram()
    const prove = isMissing ? test.skip : test.concurrent
    const skipped = isMissing ? ' (skipped: no Valkey or Redis server here)' : ''

    if (kind === 'wrong') {
      prove(`wrong/${name} is refused at ${fix.refusedAt}: ${because}${skipped}`, async ({ expect }) => {
        const { finding, report } = await checkedOnItsOwn(
          extent === 'a sample' && fix.orAt.length === 0 ? focusedOn(lab, fix.refusedAt!) : lab,
          choiceOf(fix),
          guardian,
          assembler,
          shared,
          true,
        )
        const { id, verdict } = finding ?? {}
        expect(verdict, report).toBe('fail')
        expect([fix.refusedAt, ...fix.orAt], report).toContain(id)
      })
    } else if (fix.lacks) {
      prove(
        `right/${name} is not judged, as the local cloud lacks ${fix.lacks}: ${because}${skipped}`,
        async ({ expect }) => {
          const { verdict, report } = await checked(choiceOf(fix))
          expect(verdict.verdict, report).toBe('error')
        },
      )
    } else {
      prove(`right/${name} passes: ${because}${skipped}`, async ({ expect }) => {
        const { verdict, report } = await checked(choiceOf(fix))
        expect(verdict.verdict, report).toBe('pass')
      })
    }
  }
}

/** The lab with one promise, and those that come before it by name. The sample is refused by these alone, in less time. */
function focusedOn(lab: Lab, id: string): Lab {
  const wanted = new Set([id])
  for (const criterion of lab.criteria.toReversed()) {
    if (wanted.has(criterion.id)) for (const before of criterion.after ?? []) wanted.add(before)
  }
  return { ...lab, criteria: lab.criteria.filter(criterion => wanted.has(criterion.id)) }
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
      if (done) return { verdict: value, report: report + verdictInWords(value, lab, false) }
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
    .replace(/\d{4}-\d\d-\d\dT[\d:]+\.\d{3}Z/g, '2026-11-28T18:51:00.000Z')
    .replace(/\(\d+\.\d s\)/g, '(1.0 s)')
