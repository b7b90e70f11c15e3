import { awkward, type Criterion } from '#kit'
import { unanswered } from '../../answers.ts'
import { heardTwice, miscounted, notAllowed, thrownOff, whereItRegisters } from '../meanings.ts'
import { backend, hear, hearOfNothing, publish, type Topic, toldOf, topic, waiter } from '../people.ts'

/** One connection waits for several refs. Each is heard of once, in whatever order; none of them costs another. */
export const waitsForSeveral: Criterion = {
  id: 'waits-for-several',
  says: 'A page can wait for several refs, and hears of each',
  hint: 'docs/notifications.md#two-doors',
  after: ['who-waits-hears'],
  async probe(scene) {
    const [first, other] = [topic(scene), topic(scene)]
    const ofOne = (about: Topic): Topic => ({ ...about, ref: topic(scene).ref })
    const topics = [first, ofOne(first), topic(scene), ofOne(first)] as const
    const ana = await waiter(scene, 'ana', topics)
    const ben = await waiter(scene, 'ben', [other, ofOne(first)])
    const by = await backend(scene)

    // From the middle outwards: the last one and the first one stay until others are gone.
    for (const about of [topics[1], topics[2], topics[0], topics[3]]) {
      const message = awkward({ short: true })
      toldOf(by, await publish(by, about, message), 1)
      await hear([ana], about, message)
    }
    const message = awkward({ short: true })
    toldOf(by, await publish(by, other, message), 1)
    await hear([ben], other, message)
    await hearOfNothing([ana, ben, by], 'anything else after that')
  },
  diagnoses: [
    notAllowed,
    {
      when: /^it was told \{"delivered":0\}/,
      means:
        'A connection that waits for several refs was not found for one of them. A later registration took the place of an earlier one, or was lost, or a notification of one ref took another ref off the list.',
      where: whereItRegisters,
    },
    heardTwice,
    miscounted,
    thrownOff,
    ...unanswered,
  ],
}
