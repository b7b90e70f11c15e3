import type { Criterion } from '#kit'
import { contentOnly, inRoom } from '../../newsroom/documents.ts'
import { asks, hearsResult, introduced, listening, nothingElse } from '../../newsroom/frames.ts'
import { heardTwice, notDelivered, whereItDelivers } from '../../newsroom/meanings.ts'
import { aMessage, type Message, publish } from '../../newsroom/messages.ts'

/** A message that comes again, in the same batch or later, is shown once to every subscription. Its id decides, and nothing else. */
export const eachMessageOnce: Criterion = {
  id: 'each-message-once',
  says: 'A message that comes again is shown once, to each; and two that say the same are two',
  hint: 'docs/at-least-once.md#each-message-once',
  after: ['each-hears-their-own'],
  async probe(scene) {
    const room = scene.nonce()
    const [ana, ben] = [await introduced(scene, 'ana'), await introduced(scene, 'ben')]
    asks(ana, '1', inRoom(room))
    await listening(ana, ben)
    const first = aMessage(scene, room)
    scene.did('a backend published the same message, with the same id, twice')
    await publish(scene, first, first)
    await hearsResult(ana, '1', contentOnly(first))
    await nothingElse([ana, ben], { again: [first] })

    const all = [
      [ana, '1'],
      [ana, '2'],
      [ben, '1'],
    ] as const
    for (const [client, id] of all.slice(1)) asks(client, id, inRoom(room))
    await listening(ana, ben)
    const allHear = (message: Message) =>
      Promise.all(all.map(([client, id]) => hearsResult(client, id, contentOnly(message))))
    const once = aMessage(scene, room)
    scene.did('a backend published the same message twice at once, and twice more at the same time')
    await Promise.all([publish(scene, once, once), publish(scene, once, once)])
    await allHear(once)
    await nothingElse([ana, ben], { again: [once] })
    await publish(scene, once)
    await nothingElse([ana, ben], { again: [once] })

    const one = aMessage(scene, room)
    const another = { ...one, id: aMessage(scene, room).id }
    scene.did('a backend published two messages that differ in nothing but their ids')
    await publish(scene, one, another)
    await allHear(one)
    await allHear(another)
    await nothingElse([ana, ben], { again: [once, one] })
  },
  diagnoses: [
    {
      ...heardTwice,
      means:
        'One message, with one id, was shown more than once. SQS brings a message at least once, and a publisher may publish it again. Nothing notes which clients have seen it before.',
    },
    {
      when: /silence/,
      means:
        'A client did not hear a message because another client or another subscription had, or because another message said the same.',
      where: whereItDelivers,
    },
    ...notDelivered,
  ],
}
