import { visible } from '#kit'
import type { Paint } from '../report/paint.ts'
import type { GradeDocument } from './document.ts'
import type { Graded } from './graded.ts'
import { inWords, pointsInWords, reasonOf, seconds } from './row.ts'

/** The widest that a name is shown, and that a reason is where there is no terminal to fit. */
const WIDEST = 32
const REASON = 100
/** In a narrower terminal the reason has a line of its own. */
const NARROW = 100
const GRADE = 'unchanged starter'.length
const POINTS = 8
const TIME = 8
/** Everything but the name and the reason, with the blanks between. */
const OTHERS = GRADE + POINTS + TIME + 4 * 2

/** A table whose rows can be printed one by one: nothing in it depends on the rows that are still to come. */
export interface Table {
  readonly head: string
  row(graded: Graded): string
}

/** A table for hand-ins of these names. `width` is that of the terminal, if there is one. */
export function tableFor(names: readonly string[], paint: Paint, width?: number): Table {
  const isNarrow = width !== undefined && width < NARROW
  const room = isNarrow ? Math.max(12, width - OTHERS - 1) : WIDEST
  const widest = Math.min(
    WIDEST,
    room,
    Math.max('hand-in'.length, ...names.map(name => visible(name).length)),
  )
  const most = width === undefined ? REASON : isNarrow ? width - 5 : width - widest - OTHERS - 1
  const line = (name: string, grade: string, points: string, time: string, reason: string) => {
    const cells = [name, grade, points, time].join('  ')
    if (!reason) return `${cells.trimEnd()}\n`
    return isNarrow ? `${cells}\n    ${reason}\n` : `${cells}  ${reason}\n`
  }
  return {
    head: paint.dim(
      line(
        'hand-in'.padEnd(widest),
        'verdict'.padEnd(GRADE),
        'points'.padStart(POINTS),
        'time'.padStart(TIME),
        'first broken promise',
      ),
    ),
    row: graded =>
      line(
        cut(visible(graded.name), widest).padEnd(widest),
        painted(graded, paint),
        pointsInWords(graded).padStart(POINTS),
        seconds(graded).padStart(TIME),
        cut(visible(reasonOf(graded)), most),
      ),
  }
}

/** What stands below the table: the totals, and what many got wrong. */
export function belowTheTable({ totals, handIns, common }: GradeDocument, paint: Paint): string {
  const { pass, fail, look } = totals
  const lines = ['', `${handIns.length} graded: ${pass} fixed, ${fail} not fixed, ${look} to be looked at.`]
  const toLookAt = handIns.filter(({ grade }) => grade === 'look')
  if (toLookAt.length > 0) lines.push('', paint.bold('To be looked at'))
  for (const { name, because = '' } of toLookAt) lines.push(`  ${visible(name)}: ${visible(because)}`)
  if (common.length > 0) lines.push('', paint.bold('What several got wrong'))
  for (const { count, says, hint } of common)
    lines.push(`  ${String(count).padStart(3)} of ${handIns.length}  ${says}${hint ? ` (${hint})` : ''}`)
  return `${lines.join('\n')}\n`
}

function painted(graded: Graded, paint: Paint): string {
  const text = inWords(graded).padEnd(GRADE)
  return { pass: paint.green, fail: paint.red, look: paint.yellow }[graded.grade](text)
}

const cut = (text: string, most: number): string =>
  text.length <= most ? text : `${text.slice(0, most - 1).trimEnd()}…`
