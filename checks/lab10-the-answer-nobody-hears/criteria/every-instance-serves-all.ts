import type { Criterion } from '#kit'
import { refused } from '../../handshake.ts'
import { inMemory, unknownToInstance } from '../../meanings.ts'
import { first, usual } from '../meanings.ts'
import { arrives, type Customer, hearNothing, isAnswered, order, ping, quote, type Request } from '../shop.ts'

/** While each event goes to another instance of its function: each of them is cold, and none knows what another one keeps. */
export const everyInstanceServesAll: Criterion = {
  id: 'every-instance-serves-all',
  says: 'It does not matter which instance of a function runs',
  hint: 'docs/routes.md#what-a-function-keeps',
  after: ['each-hears-its-own-answers'],
  probe: scene =>
    scene.spread(
      async together => {
        const come = (...names: string[]) => together(...names.map(name => () => arrives(scene, name)))
        const people = [...(await come('ana', 'ben')), ...(await come('cyd', 'dan'))]
        const [ana, ben, cyd, dan] = people as [Customer, Customer, Customer, Customer]

        for (const { client } of [ana, dan]) for (const one of all()) await isAnswered(client, one)
        for (const kind of [quote, order])
          await together(
            ...people.map(
              ({ client }) =>
                () =>
                  isAnswered(client, kind()),
            ),
          )
        await hearNothing(...people)

        // One leaves while another one comes.
        const [eve] = await together(
          () => arrives(scene, 'eve'),
          () => ben.client.leave().then(() => ana),
        )
        const present = [ana, cyd, dan, eve!]
        await together(
          ...present.map(
            ({ client }, at) =>
              () =>
                isAnswered(client, at % 2 ? order() : quote()),
          ),
        )
        await hearNothing(...present)
      },
      { size: 8, says: order().message },
    ),
  diagnoses: [...first, ...refused, unknownToInstance, ...usual, inMemory],
}

const all = (): Request[] => [quote(), order(), ping]
