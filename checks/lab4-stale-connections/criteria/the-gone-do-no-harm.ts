import type { Criterion } from '#kit'
import { addressForClients, forbidden, timedOut } from '../../meanings.ts'
import { talk } from '../../talk.ts'
import { leaveRowsBehind, surroundWithGhosts } from '../ghosts.ts'
import { guests } from '../list.ts'
import { inItsOwnWords, notAllowed, theRound, thrownOut, toldAgain } from '../room.ts'

/** Rows of clients that left stand among those of the others. Two of the others speak, with new ghosts each time. */
export const theGoneDoNoHarm: Criterion = {
  id: 'the-gone-do-no-harm',
  says: 'Wherever closed connections stand on the list, connected clients hear everything, once',
  hint: 'docs/stale-connections.md#the-first-410',
  after: ['everybody-hears', 'leaving-takes-you-off-the-list'],
  async probe(scene) {
    const people = await guests(scene, 'ana', 'ben', 'cyd')
    const clients = people.map(one => one.client)
    const { says, wasAllThatCame } = talk()
    await surroundWithGhosts(scene, people)

    await says(clients[0]!, clients)
    await says(clients[0]!, clients)
    scene.did('the check left 2 rows of clients that are gone')
    await leaveRowsBehind(scene, 2)
    clients.push(await scene.connect('dan'))
    await says(clients[2]!, clients)
    await wasAllThatCame(clients)
    for (const client of clients) await client.isStillThere()
  },
  diagnoses: [
    forbidden,
    notAllowed,
    {
      when: /GoneException/,
      means:
        'Posting to a closed connection is answered with 410 GoneException. Here that ended the round, and everybody after it on the list heard nothing.',
      where: 'the-function-that-said-it',
    },
    addressForClients,
    timedOut,
    thrownOut,
    toldAgain,
    inItsOwnWords,
    {
      means:
        'With rows of people who are gone on the list, those who stayed no longer hear everything. Look at what happens to the rest of the list when posting to one of them fails.',
      where: theRound,
    },
  ],
}
