import type { Lab, Outcome } from '#kit'
import type { Graded } from './graded.ts'

/** All hand-ins, graded: the document that `--json` prints. `docs/schemas/grade-1.schema.json` describes it. */
export interface GradeDocument {
  readonly version: 1
  readonly lab: string
  /** The folder, as it was given. */
  readonly folder: string
  /** `error` if somebody has to look at one, else `fail` if one is not fixed. */
  readonly verdict: Outcome
  readonly totals: { readonly pass: number; readonly fail: number; readonly look: number }
  readonly handIns: readonly Graded[]
  /** What more than one got wrong, most frequent first. */
  readonly common: readonly Common[]
}

/** A promise that several hand-ins break. */
export interface Common {
  readonly id: string
  readonly says: string
  readonly count: number
  /** Where it is explained. */
  readonly hint?: string
  readonly handIns: readonly string[]
}

/** Puts together what came of all hand-ins. */
export function documentOf(lab: Lab, folder: string, handIns: readonly Graded[]): GradeDocument {
  const count = (grade: Graded['grade']) => handIns.filter(one => one.grade === grade).length
  const totals = { pass: count('pass'), fail: count('fail'), look: count('look') }
  const verdict = totals.look > 0 ? 'error' : totals.fail > 0 ? 'fail' : 'pass'
  return { version: 1, lab: lab.id, folder, verdict, totals, handIns, common: commonOf(handIns) }
}

function commonOf(handIns: readonly Graded[]): Common[] {
  const broken = new Map<string, Common>()
  for (const { name, check, grade } of handIns) {
    if (grade === 'look') continue
    for (const { id, says, hint, verdict } of check?.criteria ?? []) {
      if (verdict !== 'fail') continue
      const before = broken.get(id) ?? { id, says, count: 0, ...(hint && { hint }), handIns: [] }
      broken.set(id, { ...before, count: before.count + 1, handIns: [...before.handIns, name] })
    }
  }
  return [...broken.values()].filter(one => one.count > 1).sort((one, other) => other.count - one.count)
}
