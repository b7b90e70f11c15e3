import type { Criterion } from '#kit'
import { doorOpens } from './criteria/door-opens.ts'
import { everyInstanceServesAll } from './criteria/every-instance-serves-all.ts'
import { everybodyHears } from './criteria/everybody-hears.ts'
import { leavingTakesYouOffTheList } from './criteria/leaving-takes-you-off-the-list.ts'
import { nothingMore } from './criteria/nothing-more.ts'
import { theGoneDoNoHarm } from './criteria/the-gone-do-no-harm.ts'

/** What lab 2 promises: first that it works, then that it is allowed no more than that, last that it does not work by chance. */
export const criteria: readonly Criterion[] = [
  doorOpens,
  leavingTakesYouOffTheList,
  everybodyHears,
  theGoneDoNoHarm,
  nothingMore,
  everyInstanceServesAll,
]
