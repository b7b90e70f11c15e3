import type { Criterion } from '#kit'
import { anythingElseIsAnswered } from './criteria/anything-else-is-answered.ts'
import { comingsAndGoingsAreNoted } from './criteria/comings-and-goings-are-noted.ts'
import { connectionSurvives } from './criteria/connection-survives.ts'
import { doorOpens } from './criteria/door-opens.ts'
import { everyInstanceAnswers } from './criteria/every-instance-answers.ts'
import { messageComesBack } from './criteria/message-comes-back.ts'
import { nothingMore } from './criteria/nothing-more.ts'
import { whoamiIsTrue } from './criteria/whoami-is-true.ts'

/** What lab 1 promises, in the order in which a client finds out. */
export const criteria: readonly Criterion[] = [
  doorOpens,
  messageComesBack,
  whoamiIsTrue,
  anythingElseIsAnswered,
  connectionSurvives,
  comingsAndGoingsAreNoted,
  everyInstanceAnswers,
  nothingMore,
]
