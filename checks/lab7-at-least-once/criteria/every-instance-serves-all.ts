import type { Client, Criterion } from '#kit'
import { inMemory, unknownToInstance } from '../../meanings.ts'
import { contentOnly, inRoom } from '../../newsroom/documents.ts'
import { asks, hearsResult, introduced, listening, nothingElse } from '../../newsroom/frames.ts'
import { tellsHistory, toldOtherwise } from '../../newsroom/history.ts'
import { heardTwice, notAllowed, whereItDelivers } from '../../newsroom/meanings.ts'
import { inARow, publish } from '../../newsroom/messages.ts'

/** How many messages come again at the same time, and how often that is tried: two batches meet by chance. */
const MANY = 5
const ROUNDS = 4

/** While each batch goes to another instance of its function, and two are worked on at the same time. */
export const everyInstanceServesAll: Criterion = {
  id: 'every-instance-serves-all',
  says: 'It makes no difference which instance of a function runs, nor what runs at the same time',
  hint: 'docs/routes.md#what-a-function-keeps',
  after: ['each-message-once', 'remembered-once'],
  async probe(scene) {
    const room = scene.nonce()
    await scene.spread(
      async together => {
        const people = await together(
          () => introduced(scene, 'ana'),
          () => introduced(scene, 'ben'),
        )
        const [ana] = people as [Client, Client]
        await together(...people.map(client => () => subscribes(client)))
        const all = inARow(scene, room, MANY * ROUNDS)
        for (let round = 0; round < ROUNDS; round++) {
          const messages = all.slice(round * MANY, (round + 1) * MANY)
          // The same messages twice at once, in opposite orders: in one batch or two, as it comes, and then in two.
          const again = messages.toReversed()
          if (round % 2 === 0) await publish(scene, ...messages, ...again)
          else await Promise.all([publish(scene, ...messages), publish(scene, ...again)])
          for (const message of messages)
            for (const client of people) await hearsResult(client, '1', contentOnly(message))
          await nothingElse(people, { again: messages })
        }
        // Then each of the last once more.
        for (const message of all.slice(-MANY)) {
          await publish(scene, message)
          await nothingElse(people, { again: all })
        }
        await tellsHistory(scene, ana, { room, wanted: all, last: all.length })
      },
      { size: 6, enter: name => introduced(scene, name) },
    )

    async function subscribes(client: Client) {
      asks(client, '1', inRoom(room))
      await listening(client)
    }
  },
  diagnoses: [
    ...notAllowed,
    {
      ...heardTwice,
      means:
        'The same message came in two batches, to two instances of the function, and was shown by both. What one instance keeps in its memory the other does not see; and of two that look whether it has been shown and then write it down, both may look before either writes.',
    },
    ...toldOtherwise,
    { ...unknownToInstance, where: whereItDelivers },
    inMemory,
  ],
}
