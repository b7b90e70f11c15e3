import type { Criterion, Scene } from '#kit'
import { failures, forbidden } from '../../meanings.ts'
import { areForgotten, areListed, type Guest, guest, guests } from '../list.ts'
import { notAllowed, theGoodbye } from '../room.ts'

/** Clients leave in any order, with several codes, one of them twice, and the list has those who are there. */
export const leavingTakesYouOffTheList: Criterion = {
  id: 'leaving-takes-you-off-the-list',
  says: 'A client that leaves is taken off the list, and no other client is',
  hint: 'docs/gone.md#who-keeps-the-list',
  after: ['door-opens'],
  async probe(scene) {
    const [ana, ben, cyd] = (await guests(scene, 'ana', 'ben', 'cyd')) as [Guest, Guest, Guest]

    await leaves(scene, ben, [ana, cyd])
    const again = await guest(scene, 'ben, who came back')
    await leaves(scene, again, [ana, cyd], 4000)
    await leaves(scene, ana, [cyd], 1000)
    await leaves(scene, cyd, [], 3001)
  },
  diagnoses: [
    forbidden,
    notAllowed,
    {
      when: /^the row of (.+) is gone/,
      means: 'When one client leaves, others are taken off the list as well.',
      where: theGoodbye,
    },
    ...failures,
    {
      when: /^nothing of the kind/,
      means:
        'The connection was closed, and the row is still there. That $disconnect may not come is no reason not to use it when it does.',
      where: theGoodbye,
    },
  ],
}

/** With a code, or without one as a tab that is closed: whatever the code, the connection has ended. */
async function leaves(scene: Scene, leaving: Guest, others: readonly Guest[], code?: number): Promise<void> {
  await leaving.client.leave(code)
  await areForgotten(
    scene,
    [leaving.id],
    `the row of ${leaving.client.name}, who left, to be gone from the table`,
  )
  await areListed(scene, others)
}
