import { type Criterion, type Scene, Unmet } from '#kit'
import { failures, forbidden } from '../../meanings.ts'
import { isAmong, isGone, rows } from '../../rows.ts'
import { type Guest, guest } from '../guests.ts'

/** Clients that leave are taken off the list, one by one, also those that had come back. */
export const leavingTakesYouOffTheList: Criterion = {
  id: 'leaving-takes-you-off-the-list',
  says: 'A client that leaves is taken off the list, and no other client is',
  hint: 'docs/gone.md#who-keeps-the-list',
  after: ['door-opens'],
  async probe(scene) {
    const ana = await guest(scene, 'ana')
    const ben = await guest(scene, 'ben')
    const cyd = await guest(scene, 'cyd')

    await leaves(scene, ben, [ana, cyd])
    const again = await guest(scene, 'ben, who came back')
    await leaves(scene, again, [ana, cyd], 4000)
    await leaves(scene, ana, [cyd], 1000)
    await leaves(scene, cyd, [], 3001)
  },
  diagnoses: [
    forbidden,
    {
      when: /not authorized to perform: (dynamodb:\w+) on resource: (\S+)/,
      means:
        'The function that should take clients off the list asked for $1, and its role does not allow it.',
      hint: 'docs/permissions.md#reading-a-refusal',
      where: 'the-function-that-said-it',
    },
    {
      when: /it was gone when (.+) had left/,
      means: 'When one client leaves, others are taken off the list as well.',
    },
    ...failures,
    {
      means:
        'The connection was closed, and the row is still there. A client that leaves sends no message: only $disconnect learns of it. Does that route have a function, and does it delete the row by the key under which it was written?',
    },
  ],
}

/** With a code, or without one as a tab that is closed: whatever the code, the connection has ended. */
async function leaves(scene: Scene, leaving: Guest, others: readonly Guest[], code?: number): Promise<void> {
  await leaving.client.leave(code)
  await isGone(scene, leaving)
  const left = await rows(scene)
  for (const { client, row } of others) {
    if (isAmong(left, row)) continue
    throw new Unmet({
      expected: `the row of ${client.name}, who is still there, to stay in the table`,
      observed: `it was gone when ${leaving.client.name} had left`,
    })
  }
}
