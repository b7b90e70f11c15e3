import { awkward, type Criterion } from '#kit'
import { unanswered } from '../../answers.ts'
import { refused } from '../../handshake.ts'
import { changed, lost, miscounted, notAllowed, otherEnvelope, thrownOff } from '../meanings.ts'
import { awkwardTopic, backend, hear, publishes, registers, waiter } from '../people.ts'

/** A text of many pages: longer than what people cut a message at, and shorter than a frame may be. */
const MANY_PAGES = 20_000

/** One page waits, and hears what came of it: whatever stands in the names and in the message, again, and after coming back. */
export const whoWaitsHears: Criterion = {
  id: 'who-waits-hears',
  says: 'A page that waits hears the backend, and the backend is told that it was heard',
  hint: 'docs/notifications.md#two-doors',
  async probe(scene) {
    const about = awkwardTopic()
    const ana = await waiter(scene, 'ana', about)
    const by = await backend(scene)
    const message = awkward()
    await publishes(by, about, message, 1)
    await hear([ana], about, message)

    // The same once more: the work was done again, and failed this time.
    await registers(ana, about)
    await publishes(by, about, message, 1, 'failed')
    await hear([ana], about, message, 'failed')

    // To the letter what it said before is news all the same, and so is a message without a word.
    for (const words of [message, '']) {
      await registers(ana, about)
      await publishes(by, about, words, 1)
      await hear([ana], about, words)
    }

    await Promise.all([ana.leave(), by.leave()])
    const back = await waiter(scene, 'ana, who came back', about)
    const again = await backend(scene, 'the backend, which came back')
    const long = `${awkward()}${'and so on '.repeat(MANY_PAGES / 10)}`
    await publishes(again, about, long, 1)
    await hear([back], about, long)
  },
  diagnoses: [notAllowed, ...refused, changed, lost, miscounted, otherEnvelope, thrownOff, ...unanswered],
}
