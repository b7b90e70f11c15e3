import type { Criterion } from '#kit'
import { unanswered } from '../../answers.ts'
import { refused } from '../../handshake.ts'
import { byItself, dev, prod } from '../doors.ts'
import { comes, orders, something } from '../guests.ts'
import { misaddressed, somethingElse } from '../meanings.ts'

/** At each stage two clients order, also the same again, and also after a reconnect. What else they hear, and what is ready, is the next promise's business. */
export const ordersAreTaken: Criterion = {
  id: 'orders-are-taken',
  says: 'Somebody who orders hears at once that the order is taken',
  hint: 'docs/the-way-back.md#four-parts-of-one-address',
  async probe(scene) {
    const guests = [
      await comes(scene, 'ana', byItself(prod)),
      await comes(scene, 'ben', byItself(prod)),
      await comes(scene, 'dan', byItself(dev)),
    ]
    for (const guest of guests) {
      const words = something()
      await orders(guest, words)
      await orders(guest, words)
    }
    await orders(guests[0]!, something({ short: false }))

    await guests[1]!.client.leave()
    const again = await comes(scene, 'ben, who came back', byItself(prod))
    await orders(again)
  },
  diagnoses: [...misaddressed, ...refused, somethingElse, ...unanswered],
}
