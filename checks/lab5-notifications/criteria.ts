import type { Criterion } from '#kit'
import { backendClientRecovers } from './criteria/backend-client-recovers.ts'
import { badEnvelopesAreAnswered } from './criteria/bad-envelopes-are-answered.ts'
import { everyInstanceServesAll } from './criteria/every-instance-serves-all.ts'
import { everybodyWaitingHears } from './criteria/everybody-waiting-hears.ts'
import { nobodyElseHears } from './criteria/nobody-else-hears.ts'
import { nothingMore } from './criteria/nothing-more.ts'
import { onlyBackendsPublish } from './criteria/only-backends-publish.ts'
import { pageHears } from './criteria/page-hears.ts'
import { pageRecovers } from './criteria/page-recovers.ts'
import { registrationsExpire } from './criteria/registrations-expire.ts'
import { stagesAreApart } from './criteria/stages-are-apart.ts'
import { theGoneAreForgotten } from './criteria/the-gone-are-forgotten.ts'
import { waitsForSeveral } from './criteria/waits-for-several.ts'
import { whoWaitsHears } from './criteria/who-waits-hears.ts'

/**
 * What lab 5 promises: clients that wait hear; nobody else does, and nobody else speaks; what ships with it can be relied on; and it
 * does not work by chance.
 */
export const criteria: readonly Criterion[] = [
  // Act one.
  whoWaitsHears,
  waitsForSeveral,
  everybodyWaitingHears,
  badEnvelopesAreAnswered,
  theGoneAreForgotten,
  // Act two.
  nobodyElseHears,
  onlyBackendsPublish,
  registrationsExpire,
  stagesAreApart,
  nothingMore,
  backendClientRecovers,
  pageHears,
  pageRecovers,
  everyInstanceServesAll,
]
