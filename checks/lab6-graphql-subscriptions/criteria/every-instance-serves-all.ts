import type { Client, Criterion } from '#kit'
import { inMemory, unknownToInstance } from '../../meanings.ts'
import { contentOnly, inRoom } from '../../newsroom/documents.ts'
import {
  asks,
  hearsResult,
  introduced,
  isAnswered,
  listening,
  nothingElse,
  stops,
} from '../../newsroom/frames.ts'
import { heardOthers, heardTwice, notAllowed, whereItConverses } from '../../newsroom/meanings.ts'
import { aMessage, publish, something } from '../../newsroom/messages.ts'

const SAY =
  'mutation ($room: ID!, $it: String!) { say(room: $room, content: $it) { content from { displayName } } }'

/** While each event goes to another instance of its function, and several go at the same time. */
export const everyInstanceServesAll: Criterion = {
  id: 'every-instance-serves-all',
  says: 'It makes no difference which instance of a function runs, nor what runs at the same time',
  hint: 'docs/routes.md#what-a-function-keeps',
  after: ['each-hears-their-own', 'unsubscribing-stops-it'],
  async probe(scene) {
    const room = scene.nonce()
    await scene.spread(
      async together => {
        const people = await together(
          () => introduced(scene, 'ana'),
          () => introduced(scene, 'ben'),
        )
        const [ana, ben] = people as [Client, Client]
        // Two clients subscribe at once, and one client subscribes twice at once.
        await together(
          () => subscribes(ana, 'one'),
          () => subscribes(ben, 'one'),
        )
        await together(
          () => subscribes(ana, 'two'),
          () => subscribes(ben, 'two'),
        )
        const all = people.flatMap(client => ['one', 'two'].map(id => [client, id] as const))
        const message = aMessage(scene, room)
        await publish(scene, message)
        await Promise.all(all.map(([client, id]) => hearsResult(client, id, contentOnly(message))))
        await nothingElse(people, { again: [message] })

        const content = something()
        asks(ben, 'say', { query: SAY, variables: { room, it: content } })
        await isAnswered(ben, 'say', { say: { content, from: { displayName: 'ben' } } })
        await Promise.all(all.map(([client, id]) => hearsResult(client, id, { message: { content } })))

        // Two unsubscribe at once, each from one of two.
        await together(
          () => unsubscribes(ana, 'one'),
          () => unsubscribes(ben, 'two'),
        )
        const last = aMessage(scene, room)
        await publish(scene, last)
        await hearsResult(ana, 'two', contentOnly(last))
        await hearsResult(ben, 'one', contentOnly(last))
        await nothingElse(people, { elsewhere: [last] })

        // One id for two subscriptions at once is one too many, whichever comes first.
        const eve = await introduced(scene, 'eve')
        await together(
          () => isHungUpOn(eve, 'the same'),
          () => isHungUpOn(eve, 'the same'),
        )
      },
      { size: 6, enter: name => introduced(scene, name) },
    )

    async function subscribes(client: Client, id: string) {
      asks(client, id, inRoom(room))
      await listening(client)
    }
    async function isHungUpOn(client: Client, id: string) {
      asks(client, id, inRoom(room))
      await client.isClosed()
    }
    async function unsubscribes(client: Client, id: string) {
      stops(client, id)
      await listening(client)
    }
  },
  diagnoses: [
    ...notAllowed,
    heardTwice,
    heardOthers,
    {
      when: /it stayed open/,
      means:
        'A client used one id for two subscriptions at the same time, and both were kept. Whether an id is in use must be decided where it is written, in one step.',
      where: whereItConverses,
    },
    { ...unknownToInstance, where: whereItConverses },
    inMemory,
  ],
}
