import type { Criterion } from '#kit'
import { forbidden } from '../../meanings.ts'
import { talk } from '../../talk.ts'
import { leaveRowsBehind } from '../ghosts.ts'
import { areForgotten, areListed, guests } from '../list.ts'
import { notAllowed, theRound } from '../room.ts'

/** Twice: first one speaks, then the other. After each round the list has those who are there, and nobody else. */
export const theGoneAreForgotten: Criterion = {
  id: 'the-gone-are-forgotten',
  says: 'A connection that turns out to be closed is taken off the list, and no other is',
  hint: 'docs/stale-connections.md#taking-closed-connections-off-the-list',
  after: ['the-gone-do-no-harm'],
  async probe(scene) {
    const people = await guests(scene, 'ana', 'ben', 'cyd')
    const clients = people.map(one => one.client)
    const { says, wasHeardOnce } = talk()

    for (const speaker of [clients[0]!, clients[2]!]) {
      const ghosts = await leaveRowsBehind(scene, 3)
      scene.did('the check left 3 rows of clients that are gone')
      await says(speaker, clients)
      await areForgotten(scene, ghosts, 'the rows of those who were gone to be gone from the table')
      await wasHeardOnce(clients)
      await areListed(scene, people)
    }
  },
  diagnoses: [
    forbidden,
    notAllowed,
    {
      when: /is gone$|^silence/,
      means:
        'Somebody who is still there was taken off the list. 410 is about one connection: that row, and no other.',
      where: theRound,
    },
    {
      means:
        'They were posted to, and it was found that they are gone. Nobody has taken them off the list: they will be posted to for ever.',
      where: theRound,
    },
  ],
}
