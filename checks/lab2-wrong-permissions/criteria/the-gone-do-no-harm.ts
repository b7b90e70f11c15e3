import type { Criterion } from '#kit'
import { failures, forbidden } from '../../meanings.ts'
import { placeOf, rows } from '../../rows.ts'
import { heardTwice, something, talk } from '../../talk.ts'
import { guest, leaveGhost } from '../guests.ts'

/** With rows of clients that are no longer connected among those of the others, all goes on as before. */
export const theGoneDoNoHarm: Criterion = {
  id: 'the-gone-do-no-harm',
  says: 'A client that has left does not keep the others from hearing',
  hint: 'docs/gone.md#the-list-is-never-quite-true',
  after: ['everybody-hears', 'leaving-takes-you-off-the-list'],
  async probe(scene) {
    const ana = await guest(scene, 'ana')
    const ben = await guest(scene, 'ben')
    const cyd = await guest(scene, 'cyd')
    const stayed = [ana, ben, cyd]

    // A ghost can only be in the way of those who are listed after it, and where it will be listed nobody knows.
    for (let ghosts = 1; ghosts <= 20; ghosts += 1) {
      const ghost = await leaveGhost(scene, `guest ${ghosts}`)
      const list = await rows(scene)
      if (stayed.some(one => placeOf(list, one.row) > placeOf(list, ghost))) break
    }

    const everybody = stayed.map(one => one.client)
    const { says, wasHeardOnce } = talk()
    await says(ana.client, everybody)
    await says(cyd.client, everybody, something({ short: false }))
    await wasHeardOnce(everybody)
    const dan = await scene.connect('dan')
    await says(ben.client, [...everybody, dan])
    await wasHeardOnce([...everybody, dan])
  },
  diagnoses: [
    forbidden,
    {
      when: /GoneException/,
      means:
        'Posting to a closed connection is answered with 410 GoneException. That is no failure of the room, but here it ended the whole round.',
      where: 'the-function-that-said-it',
    },
    {
      when: /not authorized to perform: (\S+) on resource: (\S+)/,
      means: 'At a closed connection the function asked for $1, and its role does not allow that.',
      hint: 'docs/permissions.md#reading-a-refusal',
      where: 'the-function-that-said-it',
    },
    ...failures,
    heardTwice,
    {
      means:
        'With the row of a closed connection on the list, the others no longer hear everything. Look at what the function does when one post fails.',
    },
  ],
}
