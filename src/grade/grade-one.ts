import type { Lab, Verdict } from '#kit'
import type { Guardian } from '../cloud/guardian.ts'
import { BadSource } from '../run/folder.ts'
import { workspace } from '../run/workspace.ts'
import { checkInAProcess } from './check-process.ts'
import { type Graded, gradeOf } from './graded.ts'
import type { Found } from './hand-ins.ts'
import { type Prepared, prepare } from './prepare.ts'

/** How hand-ins are graded. */
export interface Grading {
  readonly lab: Lab
  /** How long one check may take, in milliseconds. */
  readonly limit: number
  readonly guardian: Guardian
  /** Told how to end what is under way. The answer is called when it has ended. */
  ends(kill: () => void): () => void
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
    const { attempts, ...ended } = await checked(prepared, grading)
    if ('because' in ended) return look(ended.because, attempts, unchanged)
    return gradeOf({ name, kind }, lab, ended.verdict, { unchanged, attempts, ms: since() })
  } catch (error) {
    return look(error instanceof BadSource ? error.message : `It could not be read: ${error}`, 0)
  } finally {
    guardian.removeFolder(folder)
  }
}

type Checked = ({ readonly verdict: Verdict } | { readonly because: string }) & { readonly attempts: number }

async function checked(
  prepared: Prepared,
  { lab, limit, guardian, ends, isOver }: Grading,
): Promise<Checked> {
  for (let attempts = 1; ; attempts++) {
    const ended = await checkInAProcess(lab, prepared, limit, guardian, ends)
    const isDecided = 'verdict' in ended ? !hasError(ended.verdict) : ended.isFinal
    if (isDecided || attempts === ATTEMPTS || isOver()) return { ...ended, attempts }
  }
}

/** What only the local cloud lacks, it lacks the second time as well. */
const hasError = ({ criteria }: Verdict): boolean =>
  criteria.some(
    one => one.verdict === 'error' && !/#what-the-local-cloud-does-not-support$/.test(one.hint ?? ''),
  )
