import type { Criterion } from '#kit'
import { unanswered } from '../../answers.ts'
import { refused } from '../../handshake.ts'
import { byItself, byTheDomain, prod } from '../doors.ts'
import { comes, orders, something } from '../guests.ts'
import { atTheDomain, misaddressed, somethingElse } from '../meanings.ts'

/** The first promise, at one stage with two doors: some come by the domain, and some by the host that the API has from AWS. */
export const whicheverDoor: Criterion = {
  id: 'whichever-door',
  says: 'The order is taken, whichever door one came by',
  hint: 'docs/the-way-back.md#two-doors-one-stage',
  needs: ['domain'],
  after: ['orders-are-taken'],
  async probe(scene) {
    const ana = await comes(scene, 'ana', byTheDomain(prod))
    const ben = await comes(scene, 'ben', byItself(prod))
    const cyd = await comes(scene, 'cyd', byTheDomain(prod))
    for (const guest of [ana, ben, cyd, ana]) await orders(guest)
    await orders(cyd, something({ short: false }))

    // Back by the other door.
    await ana.client.leave()
    await ben.client.leave()
    const other = await comes(scene, 'ana, who came back', byItself(prod))
    const another = await comes(scene, 'ben, who came back', byTheDomain(prod))
    for (const guest of [other, another, cyd]) await orders(guest)
  },
  diagnoses: [...atTheDomain, ...misaddressed, ...refused, somethingElse, ...unanswered],
}
