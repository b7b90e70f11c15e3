import { type Client, type Criterion, named } from '#kit'
import { contentOnly, inRoom } from '../../newsroom/documents.ts'
import { asks, hearsResult, introduced, listening, nothingElse } from '../../newsroom/frames.ts'
import { notDelivered, whereItDelivers } from '../../newsroom/meanings.ts'
import { aMessage, publish, something } from '../../newsroom/messages.ts'

/** A room's name is any text. Whatever is nearly the same is another room. */
export const roomsAreApart: Criterion = {
  id: 'rooms-are-apart',
  says: 'What is said in a room is heard there and nowhere else, whatever the room is called',
  hint: 'docs/graphql-subscriptions.md#who-listens',
  after: ['each-hears-their-own'],
  async probe(scene) {
    const room = `${something()}${named(1)}  `
    const others = [
      room.trim(),
      room.toLowerCase(),
      room.normalize('NFD'),
      room.slice(0, -1),
      room.slice(0, 100),
      `${room}-2`,
      `2-${room}`,
      '*',
      'lobby',
    ]
    const ana = await introduced(scene, 'ana')
    const ben = await introduced(scene, 'ben')
    asks(ana, 'mine', inRoom(room))
    for (const [at, other] of others.entries()) asks(ben, `other ${at}`, inRoom(other))
    await listening(ana, ben)

    const message = aMessage(scene, room)
    scene.did('a backend published a message to the room in which ana listens')
    await publish(scene, message)
    await hearsResult(ana, 'mine', contentOnly(message))
    await nothingElse([ana], { again: [message] })
    await nothingElse([ben], { elsewhere: [message] })

    const elsewhere = others.map(other => aMessage(scene, other))
    await publish(scene, ...elsewhere)
    await Promise.all(elsewhere.map((one, at) => hearsResult(ben as Client, `other ${at}`, contentOnly(one))))
    await nothingElse([ana], { elsewhere })
    await nothingElse([ben], { again: elsewhere })
  },
  diagnoses: [
    {
      when: /heard what it did not ask for/,
      means:
        'A client heard a message of another room, whose name only looks like that of its own. Names of rooms are compared character by character, to their end.',
      where: whereItDelivers,
    },
    {
      when: /silence/,
      means:
        'A room has a name that is not like others, and what is said in it is not heard there. Does code change a name, or cut it, before it compares?',
      where: whereItDelivers,
    },
    ...notDelivered,
  ],
}
