import { awkward, type Criterion } from '#kit'
import {
  ACTIONS,
  allDiffer,
  allLeadBack,
  echoed,
  hearsNoError,
  holdsOneOf,
  isTheSame,
  isToldTheActions,
  noAnswer,
  nobodyHearsAnothersId,
  textChanged,
  whoami,
} from '../room.ts'

/** Lambda runs as many instances of a function as it likes. None of them knows what another has in its memory. */
export const everyInstanceAnswers: Criterion = {
  id: 'every-instance-answers',
  says: 'The answers do not depend on the instance of the function',
  hint: 'docs/routes.md#what-a-function-keeps',
  after: ['message-comes-back', 'whoami-is-true', 'anything-else-is-answered'],
  async probe(scene) {
    await scene.spread(
      async together => {
        const people = await together(
          () => scene.connect('ana'),
          () => scene.connect('ben'),
        )
        people.push(await scene.connect('cyd'))

        const ids = await together(...people.map(client => () => whoami(client)))
        const told = people.map((client, at) => ({ client, id: ids[at]! }))
        allDiffer(told)
        const texts = people.map(() => awkward({ actions: ACTIONS }))
        await together(...people.map((client, at) => () => echoed(client, texts[at]!)))
        await together(
          ...people.map(
            client => () =>
              isToldTheActions(client, { action: scene.nonce() }, 'asked for one that does not'),
          ),
        )
        for (const one of told) isTheSame(one, await whoami(one.client))

        await allLeadBack(scene, told)
        await nobodyHearsAnothersId(told)
        await Promise.all(
          people.map((client, at) =>
            client.hearsNothing(message => holdsOneOf(message, texts.toSpliced(at, 1)), {
              as: 'what another client said',
            }),
          ),
        )
        await Promise.all(people.map(hearsNoError))
      },
      { size: 8, says: { action: 'whoami' } },
    )
  },
  diagnoses: [
    {
      when: /were both told|the same connection was told|under the id that .+ was told there is nobody/,
      means:
        'The id comes from the memory of an instance, from another event. Each event says from which connection it comes.',
      hint: 'docs/routes.md#what-a-function-keeps',
    },
    textChanged,
    ...noAnswer,
  ],
}
