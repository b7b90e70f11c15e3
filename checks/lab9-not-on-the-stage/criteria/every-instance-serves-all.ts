import type { Criterion } from '#kit'
import { inMemory } from '../../meanings.ts'
import { notAnswered } from '../meanings.ts'
import { enter } from '../stages.ts'
import { isTheSame, nothingElse, says, whoami } from '../words.ts'

/** Lambda runs as many instances of a function as it likes, and the same ones serve both stages. */
export const everyInstanceServesAll: Criterion = {
  id: 'every-instance-serves-all',
  says: 'The answers depend neither on the instance of the function, nor on who came before',
  hint: 'docs/routes.md#what-a-function-keeps',
  after: ['live-answers', 'preview-answers'],
  async probe(scene) {
    await scene.spread(
      async together => {
        const people = [
          { stage: 'live', client: await enter(scene, 'live', 'ana') },
          { stage: 'preview', client: await enter(scene, 'preview', 'ben') },
          { stage: 'live', client: await enter(scene, 'live', 'cyd') },
        ] as const
        const ids = await together(
          ...people.map(
            ({ client, stage }) =>
              () =>
                whoami(client, stage),
          ),
        )
        await together(
          ...people.map(
            ({ client }, at) =>
              () =>
                says(client, 1, ids[at]!),
          ),
        )
        const again = await together(
          ...people.map(
            ({ client, stage }) =>
              () =>
                whoami(client, stage),
          ),
        )
        for (const [at, { client }] of people.entries()) isTheSame(client, ids[at]!, again[at]!)
        await nothingElse(people.map(({ client }) => client))
      },
      { size: 8, enter: name => enter(scene, 'live', name), says: { action: 'whoami' } },
    )
  },
  diagnoses: [...notAnswered, inMemory],
}
