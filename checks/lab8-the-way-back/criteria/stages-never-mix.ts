import type { Criterion, Scene } from '#kit'
import { unanswered } from '../../answers.ts'
import { byItself, dev, prod } from '../doors.ts'
import {
  comes,
  isServed,
  type Known,
  nobodyHearsMore,
  orders,
  ordersAndIsServed,
  something,
} from '../guests.ts'
import { kitchenSays, kitchenServes } from '../kitchen.ts'
import { misaddressed, mixed, notServed } from '../meanings.ts'

/** The same is ordered at both stages, at the same time; and each kitchen has something for somebody who is at the other stage. */
export const stagesNeverMix: Criterion = {
  id: 'stages-never-mix',
  says: 'What is tried out in dev reaches nobody in prod, and the other way round',
  hint: 'docs/the-way-back.md#an-api-and-a-stage',
  after: ['ready-arrives'],
  async probe(scene) {
    const ana = await comes(scene, 'ana', byItself(prod))
    const dan = await comes(scene, 'dan', byItself(dev))
    const words = something()
    const [inProd, inDev] = await Promise.all([orders(ana, words), orders(dan, words)])
    await Promise.all([isServed(ana, words), isServed(dan, words)])

    // A connection is known where it is, and nowhere else.
    await Promise.all([
      withOneForTheOther(scene, inProd, inDev.connectionId),
      withOneForTheOther(scene, inDev, inProd.connectionId),
    ])
    await nobodyHearsMore([ana, dan], { as: 'anything from the kitchen of the other stage' })

    await ordersAndIsServed(dan)
    await kitchenServes(scene, [inProd])
    await nobodyHearsMore([ana, dan])
  },
  diagnoses: [mixed, ...misaddressed, ...notServed, ...unanswered],
}

/** The kitchen says something to a guest, then to a connection of the other stage, and then to the guest again, who hears both. */
async function withOneForTheOther(scene: Scene, guest: Known, connectionId: string): Promise<void> {
  const [first, second, third] = [something(), something(), something()]
  const ready = (text: string) => ({ connectionId: guest.connectionId, text })
  const forTheOther = { connectionId, text: something() }
  await kitchenSays(scene, guest.door.stage, ready(first), forTheOther, ready(second), ready(third))
  await Promise.all([first, second, third].map(text => isServed(guest, text)))
}
