import type { Finding, Lab, Verdict } from '#kit'

/** What a hand-in came to. `look`: it could not be judged, so somebody has to look at it. That is never 0 points. */
export type Grade = 'pass' | 'fail' | 'look'

/** One hand-in, graded. */
export interface Graded {
  /** The folder, or the ZIP, by its name. */
  readonly name: string
  readonly kind: 'folder' | 'zip'
  readonly grade: Grade
  /** It holds nothing but files of the starter as it was published. */
  readonly unchanged: boolean
  /** Of the promises that are kept. Absent when it has to be looked at. */
  readonly points?: number
  /** Of the promises that can be tried on this machine. */
  readonly of?: number
  /** The first promise that is broken. */
  readonly broken?: Finding
  /** Why somebody has to look at it, in words. */
  readonly because?: string
  /** How often it was checked: an error is tried once more. */
  readonly attempts: number
  readonly ms: number
  /** The last check. Absent when there was none to its end. */
  readonly check?: Verdict
}

/** What is known of a hand-in before it is checked. */
export type HandInName = Pick<Graded, 'name' | 'kind'>

/** A grade made of the verdict of a check. */
export function gradeOf(
  handIn: HandInName,
  lab: Lab,
  check: Verdict,
  about: Pick<Graded, 'unchanged' | 'attempts' | 'ms'>,
): Graded {
  const first = (verdict: Finding['verdict']) => check.criteria.find(one => one.verdict === verdict)
  if (check.verdict === 'error') {
    const error = first('error')
    const because = [error?.says, error?.observed].filter(Boolean).join(': ')
    return { ...handIn, grade: 'look', because, ...about, check }
  }
  const broken = first('fail')
  return {
    ...handIn,
    grade: check.verdict,
    ...pointsOf(lab, check),
    ...(broken && { broken }),
    ...about,
    check,
  }
}

/** A promise that cannot be tried on this machine is worth nothing here: it costs nobody a point. */
function pointsOf(lab: Lab, { criteria }: Verdict): { points: number; of: number } {
  let points = 0
  let of = 0
  for (const { id } of lab.criteria) {
    const finding = criteria.find(one => one.id === id)
    if (finding?.verdict === 'skipped' && finding.after === undefined) continue
    const weight = lab.weights?.[id] ?? 1
    of += weight
    if (finding?.verdict === 'pass') points += weight
  }
  return { points, of }
}
