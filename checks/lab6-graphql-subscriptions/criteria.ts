import type { Criterion } from '#kit'
import { act1 } from './act-1.ts'
import { act2 } from './act-2.ts'
import { act3 } from './act-3.ts'

/** What lab 6 promises: people get in, what is said arrives, and it goes on working when something goes wrong. */
export const criteria: readonly Criterion[] = [...act1, ...act2, ...act3]
