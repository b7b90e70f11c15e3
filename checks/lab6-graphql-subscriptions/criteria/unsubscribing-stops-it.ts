import type { Criterion } from '#kit'
import { contentOnly, inRoom } from '../../newsroom/documents.ts'
import { asks, hearsResult, introduced, listening, nothingElse, stops } from '../../newsroom/frames.ts'
import { notDelivered, whereItConverses } from '../../newsroom/meanings.ts'
import { aMessage, publish } from '../../newsroom/messages.ts'

/** One of several subscriptions ends, and all others go on: on the same socket, and under the same id on another. */
export const unsubscribingStopsIt: Criterion = {
  id: 'unsubscribing-stops-it',
  says: 'A client that unsubscribes is told nothing more, on a socket that stays open',
  hint: 'docs/graphql-subscriptions.md#the-frames',
  after: ['messages-arrive'],
  async probe(scene) {
    const room = scene.nonce()
    const [ana, ben] = [await introduced(scene, 'ana'), await introduced(scene, 'ben')]
    const all = [
      [ana, 'first'],
      [ana, 'first and second'],
      [ana, 'second'],
      [ben, 'first'],
    ] as const
    for (const [client, id] of all) asks(client, id, inRoom(room))
    await listening(ana, ben)

    const ended: string[] = []
    const says = async () => {
      const message = aMessage(scene, room)
      scene.did('a backend published a message to the topic')
      await publish(scene, message)
      const on = all.filter(([client, id]) => client === ben || !ended.includes(id))
      await Promise.all(on.map(([client, id]) => hearsResult(client, id, contentOnly(message))))
      await nothingElse([ana, ben], { elsewhere: [message] })
    }
    await says()
    // Twice: what is over may be ended once more.
    for (const _ of ['once', 'once more']) {
      stops(ana, 'first')
      await listening(ana, ben)
    }
    ended.push('first')
    await says()

    // The id is free again.
    asks(ana, 'first', inRoom(room))
    await listening(ana, ben)
    ended.length = 0
    await says()
    for (const id of ['first', 'second', 'first and second']) stops(ana, id)
    await listening(ana, ben)
    ended.push('first', 'second', 'first and second')
    await says()
    await ana.isStillThere()
  },
  diagnoses: [
    {
      when: /heard what it did not ask for/,
      means:
        'A client unsubscribed, and is told all the same. Its "complete" has to take away what was noted of the subscription.',
      where: whereItConverses,
    },
    {
      when: /silence/,
      means:
        'One subscription was ended, and another ended with it. Only that one ends which has this id on this connection.',
      where: whereItConverses,
    },
    ...notDelivered,
  ],
}
