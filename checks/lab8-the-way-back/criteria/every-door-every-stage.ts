import type { Criterion } from '#kit'
import { unanswered } from '../../answers.ts'
import { refused } from '../../handshake.ts'
import { byItself, byTheDomain, dev, prod } from '../doors.ts'
import { comes, isServed, nobodyHearsMore, orders, something } from '../guests.ts'
import { kitchenSays, kitchenServes } from '../kitchen.ts'
import { atTheDomain, misaddressed, mixed, notServed } from '../meanings.ts'

/** One domain leads to both stages: its name says nothing of where somebody is. All four doors are used at the same time. */
export const everyDoorEveryStage: Criterion = {
  id: 'every-door-every-stage',
  says: 'What comes by the queue arrives behind every door, and only at the stage it is for',
  hint: 'docs/the-way-back.md#two-doors-one-stage',
  needs: ['domain'],
  after: ['whichever-door', 'ready-arrives'],
  async probe(scene) {
    const guests = [
      await comes(scene, 'ana', byTheDomain(prod)),
      await comes(scene, 'dan', byTheDomain(dev)),
      await comes(scene, 'ben', byItself(prod)),
      await comes(scene, 'eve', byItself(dev)),
    ]
    const words = something()
    const known = await Promise.all(guests.map(guest => orders(guest, words)))
    await Promise.all(guests.map(guest => isServed(guest, words)))
    await kitchenServes(scene, known)

    const [ana, dan] = known as [(typeof known)[0], (typeof known)[0]]
    await kitchenSays(scene, prod, { connectionId: dan.connectionId, text: something() })
    await kitchenSays(scene, dev, { connectionId: ana.connectionId, text: something() })
    await kitchenServes(scene, known.toReversed())
    await nobodyHearsMore(guests, { as: 'anything besides, or from the kitchen of the other stage' })
  },
  diagnoses: [mixed, ...atTheDomain, ...misaddressed, ...refused, ...notServed, ...unanswered],
}
