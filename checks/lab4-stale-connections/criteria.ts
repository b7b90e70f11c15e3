import type { Criterion } from '#kit'
import { comingsAndGoingsAreNoted } from './criteria/comings-and-goings-are-noted.ts'
import { doorOpens } from './criteria/door-opens.ts'
import { everyInstanceServesAll } from './criteria/every-instance-serves-all.ts'
import { everybodyHears } from './criteria/everybody-hears.ts'
import { expiredRowsGo } from './criteria/expired-rows-go.ts'
import { fewAtATime } from './criteria/few-at-a-time.ts'
import { leavingTakesYouOffTheList } from './criteria/leaving-takes-you-off-the-list.ts'
import { nothingMore } from './criteria/nothing-more.ts'
import { otherFailuresAreNoGoodbye } from './criteria/other-failures-are-no-goodbye.ts'
import { rowsExpire } from './criteria/rows-expire.ts'
import { theGoneAreForgotten } from './criteria/the-gone-are-forgotten.ts'
import { theGoneDoNoHarm } from './criteria/the-gone-do-no-harm.ts'
import { theIdleAreNoted } from './criteria/the-idle-are-noted.ts'
import { theListIsReadToItsEnd } from './criteria/the-list-is-read-to-its-end.ts'

/**
 * What lab 4 promises: a room that works, then one that goes on working when the list is not true, and last, on the same
 * deployment, that it does not work by chance. The long list comes before time is moved and instances multiply: the memory of the
 * instance that has served until then is compared.
 */
export const criteria: readonly Criterion[] = [
  doorOpens,
  leavingTakesYouOffTheList,
  everybodyHears,
  theGoneDoNoHarm,
  theGoneAreForgotten,
  otherFailuresAreNoGoodbye,
  rowsExpire,
  comingsAndGoingsAreNoted,
  nothingMore,
  theListIsReadToItsEnd,
  fewAtATime,
  theIdleAreNoted,
  expiredRowsGo,
  everyInstanceServesAll,
]
