import type { Finding, Lab } from '#kit'
import type { Remembered } from './progress.ts'

/** The hints for what the last check saw: weakest first, each an anchor in the docs. */
export interface Ladder {
  /** The criterion that is broken. */
  readonly criterion: string
  readonly places: readonly string[]
  /** How many have been given. */
  readonly given: number
}

/**
 * Chooses the hints for a promise that is `asked` for, else by the last check. Where there was none, they are for the untouched
 * starter.
 */
export function ladderFor(lab: Lab, { last, hints = {} }: Remembered, asked?: string): Ladder {
  const broken = asked === undefined ? last?.criteria.find(one => one.verdict === 'fail') : undefined
  const criterion = asked ?? broken?.id ?? lab.starterBreaks[0] ?? ''
  return { criterion, places: placesFor(lab, broken, criterion), given: hints[criterion] ?? 0 }
}

/** A criterion's own hints; where the stack never came up, the page on that. */
const placesFor = (lab: Lab, broken: Finding | undefined, id: string): readonly string[] =>
  lab.hints[id] ?? [broken?.hint ?? lab.criteria.find(one => one.id === id)?.hint ?? lab.explanation]
