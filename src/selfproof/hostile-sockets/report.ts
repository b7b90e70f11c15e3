import type { Outcome } from './siege.ts'
import { complaints, mega } from './verdict.ts'

const WIDTHS = [36, 8, 8, 26, 30, 9]

/** The head of the table. */
export const heading = line([
  'attack',
  'count',
  'seconds',
  'memory: before peak after',
  'resident: before after',
  'echo',
])

/** A line of it for one attack, then one for each kind of answer, then what is wrong. */
export function row(outcome: Outcome): string {
  const { attack, size, answers, before, peak, after, bystander, ms } = outcome
  const counts = [...answers].sort(([, a], [, b]) => b - a).map(([answer, count]) => `${count} × ${answer}`)
  return [
    line([
      attack.name,
      String(size),
      (ms / 1000).toFixed(1),
      [before.bytes, peak, after.bytes].map(mega).join('  '),
      [before.resident, after.resident].map(mega).join('  '),
      `${bystander.worst.toFixed(0)} ms`,
    ]),
    `    ${counts.join(' · ')}`,
    ...complaints(outcome).map(wrong => `    ✗ ${wrong}`),
  ].join('\n')
}

function line(cells: readonly string[]): string {
  return cells
    .map((cell, at) => cell.padEnd(WIDTHS[at]!))
    .join(' ')
    .trimEnd()
}
