import { visible } from '#kit'
import type { GradeDocument } from './document.ts'
import { inWords, reasonOf } from './row.ts'

/** One row a hand-in, as RFC 4180 has it. */
export function asCsv({ handIns }: GradeDocument): string {
  const head = ['hand-in', 'verdict', 'points', 'of', 'first broken promise', 'id', 'where', 'seconds']
  const rows = handIns.map(one => [
    one.name,
    inWords(one),
    one.points ?? '',
    one.of ?? '',
    reasonOf(one),
    one.broken?.id ?? '',
    one.broken?.where ?? '',
    (one.ms / 1000).toFixed(1),
  ])
  return [head, ...rows].map(row => `${row.map(cell).join(',')}\r\n`).join('')
}

/** A spreadsheet takes text that begins like this for a formula, and would run it. */
const FORMULA = /^[=+\-@\t\r]/

function cell(value: string | number): string {
  const text = visible(String(value))
  const harmless = FORMULA.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless
}
