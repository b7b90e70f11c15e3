import type { Graded } from './graded.ts'

/** The grade in words. An unchanged starter is called that. */
export function inWords({ grade, unchanged }: Graded): string {
  if (grade === 'look') return 'to be looked at'
  if (unchanged) return 'unchanged starter'
  return grade === 'pass' ? 'fixed' : 'not fixed'
}

/** `7 of 8`; nothing for one that has to be looked at. */
export const pointsInWords = ({ points, of }: Graded): string =>
  points === undefined ? '' : `${points} of ${of}`

/** The first broken promise in words, or why somebody has to look at it. */
export const reasonOf = ({ broken, because }: Graded): string => because ?? broken?.says ?? ''

export const seconds = ({ ms }: Graded): string => `${(ms / 1000).toFixed(1)} s`
