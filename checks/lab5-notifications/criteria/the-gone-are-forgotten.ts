import { awkward, type Criterion } from '#kit'
import { unanswered } from '../../answers.ts'
import { paced } from '../../pace.ts'
import { miscounted, notAllowed, thrownOff, whereItForgets, whereItPublishes } from '../meanings.ts'
import { backend, hear, hearOfNothing, publishes, registers, topic } from '../people.ts'
import { areOff, areOn, leaveGhost, type Registered, registered, someComeBefore } from '../registrations.ts'

/** How many clients are gone without a word, at least, and at most: where their rows come to stand nobody can choose. */
const GHOSTS = 3
const MOST_GHOSTS = 12

/** For how many refs somebody waits who then leaves: more than a batch of DynamoDB takes. */
const MANY = 30

/** Clients go in every way there is, with several registrations, and with nobody noticing. */
export const theGoneAreForgotten: Criterion = {
  id: 'the-gone-are-forgotten',
  says: 'A client that is no longer connected is taken off the list, and the others still hear',
  hint: 'docs/notifications.md#clients-that-have-left',
  after: ['everybody-waiting-hears'],
  async probe(scene) {
    const topics = [topic(scene), topic(scene), topic(scene)] as const
    const [about] = topics
    const ana = await registered(scene, 'ana', topics)
    const ben = await registered(scene, 'ben', topics)
    const cyd = await registered(scene, 'cyd', [about, topics[1]])
    for (let more = topics.length; more < MANY; more += 1) await paced(registers(ana.client, topic(scene)))
    await ana.client.leave()
    await areOff(scene, [ana])
    ben.client.vanish()
    await areOff(scene, [ben], 'whose line was cut')
    await areOn(scene, [cyd])

    const ghosts: Registered[] = []
    while (ghosts.length < GHOSTS) ghosts.push(await leaveGhost(scene, `guest ${ghosts.length + 1}`, about))
    const dan = await registered(scene, 'dan', about)
    // Somebody who is gone can only be in the way of those who come after them on the list.
    while (!(await someComeBefore(scene, ghosts, [cyd, dan])) && ghosts.length < MOST_GHOSTS) {
      ghosts.push(await leaveGhost(scene, `guest ${ghosts.length + 1}`, about))
    }

    const by = await backend(scene)
    const message = awkward({ short: true })
    await publishes(by, about, message, 2)
    await hear([cyd.client, dan.client], about, message)
    await areOff(scene, ghosts, 'who turned out to be gone')
    // What the others wait for besides is not forgotten with it.
    await publishes(by, topics[1], message, 1)
    await hear([cyd.client], topics[1], message)
    await publishes(by, topics[2], message, 0)
    await hearOfNothing([cyd.client, dan.client], 'anything else after that')
  },
  diagnoses: [
    notAllowed,
    {
      when: /GoneException/,
      means: 'Posting to a closed connection is answered with 410 GoneException. Here that ended the round.',
      where: 'the-function-that-said-it',
    },
    {
      when: /^the rows of \w+ are gone/,
      means: 'Somebody who still waits was taken off the list when somebody else left.',
      where: whereItForgets,
    },
    {
      when: /^the check put the rows|^nothing of the kind/,
      means:
        'The connections are closed, and some of their rows are still on the list. A connection may have registered several refs: delete all of them. When a post is answered with 410, delete the rows of that client, too.',
      where: whereItForgets,
    },
    miscounted,
    {
      when: /^\d+ of them heard it/,
      means: 'With a closed connection on the list, others who wait were not told.',
      where: whereItPublishes,
    },
    thrownOff,
    ...unanswered,
  ],
}
