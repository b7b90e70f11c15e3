import type { Criterion } from '#kit'
import { introduced, nothingElse } from '../../newsroom/frames.ts'
import { tellsHistory, toldOtherwise } from '../../newsroom/history.ts'
import { incomplete, notDelivered, whereItRemembers } from '../../newsroom/meanings.ts'
import { inARow, publish, something } from '../../newsroom/messages.ts'

/** How many a query is told that does not say how many. */
const MANY = 10

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
    await publish(scene, oldest!, ...inARow(scene, `${room}2`, 1), ...inARow(scene, room.trim(), 1))

    await tellsHistory(scene, ana, { room, wanted })
    await tellsHistory(scene, ben, { room, wanted: wanted.slice(-2), last: 2 })
    await tellsHistory(scene, ana, { room, wanted: wanted.slice(-1), last: 1 })
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
