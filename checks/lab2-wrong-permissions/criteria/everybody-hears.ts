import { type Client, type Criterion, textsOfJson } from '#kit'
import { unanswered } from '../../answers.ts'
import { failures, forbidden, hungUp, throttled, unlogged } from '../../meanings.ts'
import { paced } from '../../pace.ts'
import { heardTwice, something, talk } from '../../talk.ts'

/** A list that is read ten rows at a time has its second page before these have all come. */
const LATER = ['dan', 'eve', 'fay', 'gus', 'hal', 'ida', 'jon', 'kim']

/** First and last speakers, earlier and later arrivals, the same words again, and somebody who came back. */
export const everybodyHears: Criterion = {
  id: 'everybody-hears',
  says: 'Every client hears what one client says, also the client that said it',
  hint: 'docs/permissions.md#reading-a-refusal',
  after: ['door-opens'],
  async probe({ connect }) {
    const ana = await connect('ana')
    const ben = await connect('ben')
    const cyd = await connect('cyd')
    const { says, wasHeardOnce } = talk()

    const words = something()
    await says(ana, [ana, ben, cyd], words)
    await says(ana, [ana, ben, cyd], words)
    await says(ben, [ana, ben, cyd], words)

    await wasHeardOnce([ana, ben, cyd])

    // A list that was read once and kept knows nobody who comes later.
    const later: Client[] = []
    for (const name of LATER) later.push(await connect(name))
    const last = later.at(-1)!
    await says(ana, [ana, ben, cyd, ...later], something({ short: false }))
    await says(last, [ana, ben, cyd, ...later])
    for (const text of textsOfJson) await paced(says(cyd, [ana, ben, cyd, ...later], text))
    await wasHeardOnce([ana, ben, cyd, ...later])

    await ben.leave()
    // The stack hears of the goodbye before somebody speaks. What it does with those it still believes in is another promise.
    await wasHeardOnce([ana, cyd, ...later])
    const again = await connect('ben, who came back')
    await says(again, [ana, again, cyd, ...later])
    await says(cyd, [ana, again, cyd, ...later])
    await wasHeardOnce([ana, again, cyd, ...later])
  },
  diagnoses: [
    forbidden,
    {
      when: /not authorized to perform: (dynamodb:\w+) on resource: (\S+)/,
      means:
        'The function asked DynamoDB for $1, and the policies of its role do not allow that on this table. It stopped there, and nobody was told anything.',
      where: 'the-function-that-said-it',
    },
    {
      when: /not authorized to perform: (execute-api:ManageConnections)/,
      means:
        'The function has read the list, and was then refused $1: the policies of its role do not let it post to the connections of this API.',
      where: 'the-function-that-said-it',
    },
    throttled,
    hungUp,
    ...failures,
    {
      when: /the text that was sent is among it, but (it came back .+)/,
      means: 'What was said arrived, but changed: $1.',
    },
    {
      when: /^silence\b/,
      means:
        'The function ended well, or caught its failure and dropped it, or did not wait for what it had begun. It did not post to this client. The frames show which clients heard it, and which had connected by then.',
      hint: 'docs/permissions.md#when-nothing-is-logged',
    },
    heardTwice,
    {
      when: /^\{"text":/,
      means: 'Something came, but not what was said.',
      hint: 'docs/routes.md#what-a-function-keeps',
    },
    unlogged,
    ...unanswered,
  ],
}
