import { hasFault, type Lab } from '#kit'
import type { Remembered } from '../run/progress.ts'
import { shortName } from './usage.ts'

/** What to do after a lab has passed: the next one that has not, or, after the last, where to go from here. */
export function whatNext(
  labs: readonly Lab[],
  passed: Lab,
  notes: Readonly<Record<string, Remembered>>,
): string {
  const isDone = ({ id }: Lab) => id === passed.id || notes[id]?.passed !== undefined
  const after = [...labs.slice(labs.indexOf(passed) + 1), ...labs]
  const next = after.find(lab => !isDone(lab))
  const what = hasFault(passed) ? 'What was wrong' : 'What you have seen'
  const why = `${what}, in full: npm run explain -- ${shortName(passed.id)}\n`
  if (next)
    return `${why}Next: ${next.title} (labs/${next.id}/README.md), npm run check -- ${shortName(next.id)}\n`
  return `${why}
That was the last one: all ${labs.length} labs are fixed. Three ways on:
  - The same labs in an AWS account of your own: docs/aws.md
  - A stack of your own in the local cloud: docs/local-cloud.md
  - A lab once more, from its start: npm run reset -- lab1
`
}
