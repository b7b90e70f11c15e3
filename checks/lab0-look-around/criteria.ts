import type { Criterion } from '#kit'
import { doorOpens } from './criteria/door-opens.ts'
import { nothingMore } from './criteria/nothing-more.ts'
import { theLogTells } from './criteria/the-log-tells.ts'
import { theParrotAnswers } from './criteria/the-parrot-answers.ts'

/** What lab 0 promises. The starter keeps all of it. */
export const criteria: readonly Criterion[] = [doorOpens, theParrotAnswers, theLogTells, nothingMore]
