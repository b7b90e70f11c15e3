import type { Client, Criterion, Scene } from '#kit'
import { unanswered } from '../../answers.ts'
import { refused } from '../../handshake.ts'
import { failures, forbidden, inMemory, throttled, unknownToInstance } from '../../meanings.ts'
import { heardTwice, something, talk } from '../../talk.ts'
import { leaveRowsBehind } from '../ghosts.ts'
import { areForgotten, textsOf } from '../list.ts'
import { theRound } from '../room.ts'

/** While each event goes to another instance of its function: what one instance keeps in memory, the next does not know. */
export const everyInstanceServesAll: Criterion = {
  id: 'every-instance-serves-all',
  says: 'It does not matter which instance of a function runs',
  hint: 'docs/routes.md#what-a-function-keeps',
  after: ['everybody-hears', 'leaving-takes-you-off-the-list', 'the-gone-are-forgotten'],
  async probe(scene) {
    const ghosts = await leaveRowsBehind(scene, 2)
    scene.did('the check left 2 rows of clients that are gone')
    await scene.spread(
      async together => {
        const { says, wasHeardOnce } = talk()
        const before = await textsOf(scene)
        const come = (...names: string[]) => together(...names.map(name => () => scene.connect(name)))
        const people = [...(await come('ana', 'ben')), ...(await come('cyd', 'dan'))]
        const [ana, ben, cyd, dan] = people as [Client, Client, Client, Client]

        // Two rounds meet the same ghosts.
        await together(...[dan, ana].map(speaker => () => says(speaker, people)))
        await areForgotten(scene, ghosts, 'the rows of those who were gone to be gone from the table')
        await says(ben, people)
        await wasHeardOnce(people)

        // One leaves while another one comes.
        const [eve] = await together(
          () => scene.connect('eve'),
          () => ben.leave().then(() => ana),
        )
        const present = [ana, cyd, dan, eve!]
        for (const speaker of [eve!, cyd]) await says(speaker, present)
        await wasHeardOnce(present)
        await haveCome(scene, before, present.length)
      },
      { size: 8, says: { action: 'sendMessage', text: something() } },
    )
  },
  diagnoses: [
    forbidden,
    throttled,
    ...refused,
    ...failures,
    { ...unknownToInstance, where: theRound },
    { ...heardTwice, where: theRound },
    ...unanswered,
    { ...inMemory, where: theRound },
  ],
}

/** Waits until so many rows are there that were not there before. Throws `Unmet`. */
async function haveCome(scene: Scene, before: ReadonlySet<string>, count: number): Promise<void> {
  const ask = async () => {
    const now = await textsOf(scene)
    return [...now].filter(row => !before.has(row)).length === count || undefined
  }
  await scene.eventually(`${count} new rows in the table, for those who came and stayed`, ask, {
    stays: true,
  })
}
