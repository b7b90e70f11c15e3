import type { Criterion } from '#kit'
import { everyDoorEveryStage } from './criteria/every-door-every-stage.ts'
import { everyInstanceServesAll } from './criteria/every-instance-serves-all.ts'
import { nothingMore } from './criteria/nothing-more.ts'
import { ordersAreTaken } from './criteria/orders-are-taken.ts'
import { readyArrives } from './criteria/ready-arrives.ts'
import { stagesNeverMix } from './criteria/stages-never-mix.ts'
import { whicheverDoor } from './criteria/whichever-door.ts'

/** What lab 8 promises: the answer, what comes by the queue, the same behind a domain, no more than that, and not by chance. */
export const criteria: readonly Criterion[] = [
  ordersAreTaken,
  readyArrives,
  stagesNeverMix,
  whicheverDoor,
  everyDoorEveryStage,
  nothingMore,
  everyInstanceServesAll,
]
