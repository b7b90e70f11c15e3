import { awkward, type Client, type Criterion, Unmet } from '#kit'
import { unanswered } from '../../answers.ts'
import {
  heardTwice,
  lost,
  miscounted,
  notAllowed,
  thrownOff,
  whereItForgets,
  whereItPublishes,
  whereItRegisters,
} from '../meanings.ts'
import {
  backend,
  hear,
  hearOfNothing,
  publish,
  publishes,
  registers,
  toldOf,
  topic,
  waitingFor,
} from '../people.ts'

/** While each event goes to another instance of its function, and several go at the same time. */
export const everyInstanceServesAll: Criterion = {
  id: 'every-instance-serves-all',
  says: 'It does not matter which instance of a function runs, nor what runs at the same time',
  hint: 'docs/routes.md#what-a-function-keeps',
  after: ['waits-for-several', 'everybody-waiting-hears', 'the-gone-are-forgotten'],
  async probe(scene) {
    const [about, other] = [topic(scene), topic(scene)]
    const people = await Promise.all(['ana', 'ben', 'cyd'].map(name => scene.connect(name)))
    const [ana, ben, cyd] = people as [Client, Client, Client]
    const [by, also] = [await backend(scene), await backend(scene, 'another backend')]
    const message = () => awkward({ short: true })

    await scene.spread(
      async together => {
        // Two clients register the same at once, and one client registers two refs at once.
        await together(
          () => registers(ana, about),
          () => registers(ben, about),
        )
        await together(
          () => registers(cyd, about),
          () => registers(cyd, other),
        )
        // Two backends say the same at once: it is heard once, and counted once.
        const first = message()
        const [one, two] = await together(
          () => publish(by, about, first),
          () => publish(also, about, first),
        )
        await hear(people, about, first)
        await hearOfNothing(people, 'the same from another instance')
        heardOnce(one! + two!, people.length)
        await publishes(by, about, message(), 0)

        const second = message()
        await publishes(also, other, second, 1)
        await hear([cyd], other, second)

        // Two leave at once.
        for (const client of people) await registers(client, about)
        await together(
          () => ana.leave(),
          () => ben.leave(),
        )
        const third = message()
        toldOf(by, await publish(by, about, third), 1)
        await hear([cyd], about, third)
        await hearOfNothing([cyd, by, also], 'anything else after that')
      },
      { size: 8, says: waitingFor(topic(scene)) },
    )
  },
  diagnoses: [
    notAllowed,
    {
      when: /^the two backends were told/,
      means:
        'Two backends said the same at once, and together they were told another number than those who heard it.',
      where: whereItPublishes,
    },
    {
      when: /^[\w ]+ heard \{.*"status":/,
      means:
        'Two backends said the same at once, and somebody heard it twice: both had found the client on the list before either took it off.',
      where: whereItPublishes,
    },
    heardTwice,
    {
      when: /GoneException/,
      means: 'Two left at once, and one of them is still on the list. Here that ended the round.',
      where: whereItForgets,
    },
    {
      when: /^\d+ of them heard it|^it was told \{"delivered":[01]\}/,
      means:
        'Not all who registered were found. Two registered at once, or with another instance of the function. What a function keeps in its memory, no other instance sees; and of two that read, change and write back the same row, one undoes what the other did.',
      where: whereItRegisters,
    },
    lost,
    miscounted,
    thrownOff,
    ...unanswered,
  ],
}

function heardOnce(delivered: number, count: number): void {
  if (delivered === count) return
  throw new Unmet({
    expected: `the two backends to be told of ${count} together`,
    observed: `the two backends were told of ${delivered} together`,
  })
}
