import type { Criterion } from '#kit'
import { eachHearsTheirOwn } from '../lab6-graphql-subscriptions/criteria/each-hears-their-own.ts'
import { historyIsTold } from '../lab6-graphql-subscriptions/criteria/history-is-told.ts'
import { nothingMore } from '../lab6-graphql-subscriptions/criteria/nothing-more.ts'
import { theGoneAreForgotten } from '../lab6-graphql-subscriptions/criteria/the-gone-are-forgotten.ts'
import { eachMessageOnce } from './criteria/each-message-once.ts'
import { everyInstanceServesAll } from './criteria/every-instance-serves-all.ts'
import { onceHoweverLate } from './criteria/once-however-late.ts'
import { poisonIsPutAside } from './criteria/poison-is-put-aside.ts'
import { rememberedOnce } from './criteria/remembered-once.ts'
import { somebodyIsCalled } from './criteria/somebody-is-called.ts'
import { theHistoryGoesOn } from './criteria/the-history-goes-on.ts'

/** What lab 7 promises: what lab 6 promised goes on when messages come again, and when one of them cannot be read. */
export const criteria: readonly Criterion[] = [
  // It works as it did.
  { ...eachHearsTheirOwn, after: [] },
  { ...historyIsTold, after: ['each-hears-their-own'] },
  theGoneAreForgotten,
  // What comes again.
  eachMessageOnce,
  rememberedOnce,
  onceHoweverLate,
  // What nobody can read.
  poisonIsPutAside,
  theHistoryGoesOn,
  somebodyIsCalled,
  nothingMore,
  everyInstanceServesAll,
]
