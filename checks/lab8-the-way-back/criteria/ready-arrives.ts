import type { Criterion } from '#kit'
import { unanswered } from '../../answers.ts'
import { byItself, dev, prod } from '../doors.ts'
import { comes, isServed, nobodyHearsMore, ordersAndIsServed, something } from '../guests.ts'
import { kitchenSays, kitchenServes } from '../kitchen.ts'
import { misaddressed, notServed, somethingElse } from '../meanings.ts'

/** What comes by the queue: of an order, and of the kitchen's own, one message at a time and several, with one for a client that left. */
export const readyArrives: Criterion = {
  id: 'ready-arrives',
  says: 'What comes by the queue reaches the client that it is for',
  hint: 'docs/the-way-back.md#a-function-that-no-socket-called',
  after: ['orders-are-taken'],
  async probe(scene) {
    const ana = await ordersAndIsServed(await comes(scene, 'ana', byItself(prod)))
    const ben = await ordersAndIsServed(await comes(scene, 'ben', byItself(prod)))
    const dan = await ordersAndIsServed(await comes(scene, 'dan', byItself(dev)))
    // The same once more is not the same: each is ready.
    const words = something()
    for (const text of [words, words]) await ordersAndIsServed(ana, text)
    await kitchenServes(scene, [ana, ana], () => words)
    await kitchenServes(scene, [dan])
    await kitchenServes(scene, [ana, ben, ana, dan, ben, ana, dan, dan], () => something({ short: false }))

    // The kitchen does not know who has left.
    await ben.client.leave()
    const again = await ordersAndIsServed(await comes(scene, 'ben, who came back', byItself(prod)))
    const meals = Array.from({ length: 4 }, () => something())
    const ready = meals.map(text => ({ connectionId: ana.connectionId, text }))
    await kitchenSays(
      scene,
      prod,
      ready[0]!,
      { ...ready[0]!, connectionId: ben.connectionId },
      ...ready.slice(1),
    )
    await Promise.all(meals.map(text => isServed(ana, text)))
    await kitchenServes(scene, [again, dan, ana])
    await nobodyHearsMore([ana, again, dan])
  },
  diagnoses: [...misaddressed, ...notServed, somethingElse, ...unanswered],
}
