import type { Criterion } from '#kit'
import { unanswered } from '../../answers.ts'
import { refused } from '../../handshake.ts'
import { inMemory } from '../../meanings.ts'
import { doorsOf } from '../doors.ts'
import { comes, nobodyHearsMore, ordersAndIsServed, something } from '../guests.ts'
import { kitchenServes } from '../kitchen.ts'
import { misaddressed, unknownToThisInstance } from '../meanings.ts'

/** While each event goes to another instance of its function, clients come by all doors, order at the same time, and come back by another. */
export const everyInstanceServesAll: Criterion = {
  id: 'every-instance-serves-all',
  says: 'It does not matter which instance of a function runs, nor who came before',
  hint: 'docs/the-way-back.md#what-a-function-keeps-of-an-address',
  after: ['ready-arrives'],
  probe: scene =>
    scene.spread(
      async together => {
        const doors = doorsOf(scene)
        const names = ['ana', 'ben', 'cyd', 'dan', 'eve', 'fay', 'gus', 'hal']
        const guests = await together(
          ...names.map((name, at) => () => comes(scene, name, doors[at % doors.length]!)),
        )
        const known = await together(...guests.map(guest => () => ordersAndIsServed(guest)))
        await kitchenServes(scene, known)
        for (const guest of guests) await ordersAndIsServed(guest)
        await nobodyHearsMore(guests)

        // Back by another door.
        await guests[0]!.client.leave()
        const again = await ordersAndIsServed(await comes(scene, 'ana, who came back', doors.at(-1)!))
        const present = [...known.slice(1), again]
        await kitchenServes(scene, present)
        await nobodyHearsMore(present)
      },
      { size: 8, says: { action: 'order', text: something() } },
    ),
  diagnoses: [...misaddressed, ...refused, unknownToThisInstance, ...unanswered, inMemory],
}
