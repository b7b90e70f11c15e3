import type { Criterion } from '#kit'
import { doorOpens } from './criteria/door-opens.ts'
import { eachHearsItsOwnAnswers } from './criteria/each-hears-its-own-answers.ts'
import { everyInstanceServesAll } from './criteria/every-instance-serves-all.ts'
import { nothingMore } from './criteria/nothing-more.ts'
import { ordersAreAnswered } from './criteria/orders-are-answered.ts'
import { pingsAreAnswered } from './criteria/pings-are-answered.ts'
import { quotesAreAnswered } from './criteria/quotes-are-answered.ts'
import { seenStaysSilent } from './criteria/seen-stays-silent.ts'
import { theWelcomeComesFirst } from './criteria/the-welcome-comes-first.ts'

/** What lab 10 promises: first each way to answer by itself, then all at once, last that it does not work by chance. */
export const criteria: readonly Criterion[] = [
  doorOpens,
  quotesAreAnswered,
  pingsAreAnswered,
  ordersAreAnswered,
  seenStaysSilent,
  theWelcomeComesFirst,
  eachHearsItsOwnAnswers,
  nothingMore,
  everyInstanceServesAll,
]
