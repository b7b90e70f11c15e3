import { type Client, type Criterion, textsOfJson } from '#kit'
import { unanswered } from '../../answers.ts'
import { hungUp } from '../../meanings.ts'
import { paced } from '../../pace.ts'
import { heardTwice, something, talk } from '../../talk.ts'
import { theRound } from '../room.ts'

/** First and last speakers, earlier and later arrivals, the same words again, and somebody who came back. */
export const everybodyHears: Criterion = {
  id: 'everybody-hears',
  says: 'Every client hears what one client says, once',
  hint: 'docs/stale-connections.md#one-post-for-each',
  after: ['door-opens'],
  async probe({ connect }) {
    const people: Client[] = []
    for (const name of ['ana', 'ben', 'cyd']) people.push(await connect(name))
    const [ana, ben, cyd] = people as [Client, Client, Client]
    const { says, wasHeardOnce } = talk()

    const words = something()
    await says(ana, people, words)
    await says(ana, people, words)
    await says(ben, people, words)

    await wasHeardOnce(people)

    // A list that was read once and kept knows nobody who comes later.
    for (const name of ['dan', 'eve']) people.push(await connect(name))
    await says(ana, people, something({ short: false }))
    await says(people.at(-1)!, people)
    for (const text of textsOfJson) await paced(says(cyd, people, text))
    await wasHeardOnce(people)

    await ben.leave()
    // The stack hears of the goodbye before somebody speaks. What it does with those it still believes in is another promise.
    await wasHeardOnce(people.filter(one => one !== ben))
    people[1] = await connect('ben, who came back')
    await says(people[1], people)
    await says(cyd, people)
    await wasHeardOnce(people)
  },
  diagnoses: [
    hungUp,
    {
      when: /the text that was sent is among it, but (it came back .+)/,
      means: 'What was said arrived, but changed: $1.',
      where: theRound,
    },
    { ...heardTwice, where: theRound },
    ...unanswered,
  ],
}
