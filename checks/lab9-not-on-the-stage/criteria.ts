import type { Criterion } from '#kit'
import { everyInstanceServesAll } from './criteria/every-instance-serves-all.ts'
import { liveAnswers } from './criteria/live-answers.ts'
import { liveFollows } from './criteria/live-follows.ts'
import { liveLetsIn } from './criteria/live-lets-in.ts'
import { liveStaysAsItIs } from './criteria/live-stays-as-it-is.ts'
import { nothingMore } from './criteria/nothing-more.ts'
import { previewAnswers } from './criteria/preview-answers.ts'
import { previewLetsIn } from './criteria/preview-lets-in.ts'
import { theRateIsKept } from './criteria/the-rate-is-kept.ts'
import { theSecondReleaseArrives } from './criteria/the-second-release-arrives.ts'

/**
 * What lab 9 promises: the first release, then the second one. `the-second-release-arrives` leaves release 2 on preview,
 * and `nothing-more` then sees the functions of both.
 */
export const criteria: readonly Criterion[] = [
  liveLetsIn,
  previewLetsIn,
  liveAnswers,
  previewAnswers,
  everyInstanceServesAll,
  theRateIsKept,
  theSecondReleaseArrives,
  nothingMore,
  liveStaysAsItIs,
  liveFollows,
]
