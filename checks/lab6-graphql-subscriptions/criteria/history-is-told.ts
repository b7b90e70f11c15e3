import { randomUUID } from 'node:crypto'
import type { Criterion } from '#kit'
import { introduced, nothingElse } from '../../newsroom/frames.ts'
import { tellsHistory, toldOtherwise } from '../../newsroom/history.ts'
import { incomplete, notDelivered, whereItRemembers } from '../../newsroom/meanings.ts'
import { inARow, publish, something } from '../../newsroom/messages.ts'

/** How many a query is told that does not say how many. */
const MANY = 10
/** How many are said in another room: more than what people read of a list at a time. */
const CROWDED = 110

/** What was said in a room can be asked for: its last messages, the latest at the end, and those of no other room. */
export const historyIsTold: Criterion = {
  id: 'history-is-told',
  says: 'What was said can be asked for afterwards, the latest at the end',
  hint: 'docs/graphql-subscriptions.md#what-was-said-before',
  after: ['messages-arrive'],
  async probe(scene) {
    const room = something()
    const [ana, ben] = [await introduced(scene, 'ana'), await introduced(scene, 'ben')]
    const [oldest, ...wanted] = inARow(scene, room, MANY + 1)
    scene.did(`a backend published ${MANY + 1} messages to the topic, the latest first`)
    await publish(scene, ...wanted.toReversed())
    const others = [`${room}2`, room.trim(), room.toLowerCase(), room.normalize('NFD')]
    await publish(scene, oldest!, ...others.flatMap(other => inARow(scene, other, 1)))
    // Two say the same in the same instant.
    const [twin] = inARow(scene, `${room} of twins`, 1)
    await publish(scene, twin!, { ...twin!, id: randomUUID() })
    // What is said elsewhere meanwhile, and be it much, is nothing of this room.
    for (let said = 0; said < CROWDED; said += MANY)
      await publish(scene, ...inARow(scene, `${room} of a crowd`, MANY))

    await tellsHistory(scene, ana, { room, wanted })
    await tellsHistory(scene, ben, { room, wanted: wanted.slice(-2), last: 2 })
    await tellsHistory(scene, ana, { room, wanted: wanted.slice(-1), last: 1 })
    await tellsHistory(scene, ben, { room, wanted: [oldest!, ...wanted], last: 5 * MANY })
    await tellsHistory(scene, ana, { room: twin!.room, wanted: [twin!, twin!] })
    await tellsHistory(scene, ben, { room: `not ${room}`, wanted: [] })
    await nothingElse([ana, ben])
  },
  diagnoses: [
    ...toldOtherwise,
    ...notDelivered.slice(0, -2),
    incomplete,
    {
      means: 'What was said was not remembered, or is told otherwise than it was said.',
      where: whereItRemembers,
    },
  ],
}
