import type { Outcome } from '#kit'

/** What instructors' scripts see: 0 fixed, 1 not fixed yet, 2 could not check, 3 wrong usage. */
export const exitCode: Readonly<Record<Outcome | 'usage', number>> = { pass: 0, fail: 1, error: 2, usage: 3 }
