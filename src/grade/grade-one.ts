import type { Lab, Verdict } from '#kit'
import { BadSource } from '../run/folder.ts'
import { workspace } from '../run/workspace.ts'
import { type Conditions, checkInAProcess } from './check-process.ts'
import { type Graded, gradeOf } from './graded.ts'
import type { Found } from './hand-ins.ts'
import { type Prepared, prepare } from './prepare.ts'
import { privateCopy } from './private-copy.ts'

/** How hand-ins are graded. */
export interface Grading extends Conditions {
  readonly lab: Lab
  /** Whether somebody has asked to stop: nothing more is begun. */
  isOver(): boolean
}

/** How often a check is tried that could not come to a verdict. */
const ATTEMPTS = 2

/** Grades one hand-in. Never throws: what goes wrong with it is its own row, and nobody else's. */
export async function gradeOne(found: Found, grading: Grading): Promise<Graded> {
  const started = Date.now()
  const { name, kind } = found
  const { guardian, lab } = grading
  const folder = workspace(guardian, 'grade')
  const since = () => Date.now() - started
  const look = (because: string, attempts: number, unchanged = false): Graded => ({
    ...{ name, kind, grade: 'look', unchanged, because, attempts, ms: since() },
  })
  try {
    const prepared = await prepare(lab, found, folder)
    const { unchanged } = prepared
    const at = grading.sandbox ? await privateCopy(lab, prepared, folder) : prepared
    const { attempts, ...ended } = await checked(at, grading)
    if ('because' in ended) return look(ended.because, attempts, unchanged)
    return gradeOf({ name, kind }, lab, ended.verdict, { unchanged, attempts, ms: since() })
  } catch (error) {
    return look(error instanceof BadSource ? error.message : `It could not be read: ${error}`, 0)
  } finally {
    guardian.removeFolder(folder)
  }
}

type Checked = ({ readonly verdict: Verdict } | { readonly because: string }) & { readonly attempts: number }

async function checked(prepared: Prepared, grading: Grading): Promise<Checked> {
  for (let attempts = 1; ; attempts++) {
    const ended = await checkInAProcess(grading.lab, prepared, grading)
    const isDecided = 'verdict' in ended ? !hasError(ended.verdict) : ended.isFinal
    if (isDecided || attempts === ATTEMPTS || grading.isOver()) return { ...ended, attempts }
  }
}

/** What only the local cloud lacks, it lacks the second time as well. */
const hasError = ({ criteria }: Verdict): boolean =>
  criteria.some(
    one => one.verdict === 'error' && !/#what-the-local-cloud-does-not-support$/.test(one.hint ?? ''),
  )
