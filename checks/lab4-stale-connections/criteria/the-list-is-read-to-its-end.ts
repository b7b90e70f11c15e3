import type { Criterion } from '#kit'
import { forbidden } from '../../meanings.ts'
import { something, talk } from '../../talk.ts'
import { longList, MANY } from '../long-list.ts'
import { LONG_ROUND, notAllowed, theRound, toldAgain } from '../room.ts'

/** How long the message is, in characters: nearly as long as a frame may be, so that posts that wait can be told by their memory. */
const LONG = 30_000

/** A list of three pages and more, and a long message to all who are on it. */
export const theListIsReadToItsEnd: Criterion = {
  id: 'the-list-is-read-to-its-end',
  says: 'However many pages the list has, every connected client hears, once',
  hint: 'docs/stale-connections.md#a-page-at-a-time',
  // It takes longest: everything that can be known without it comes first.
  after: ['other-failures-are-no-goodbye', 'rows-expire', 'comings-and-goings-are-noted', 'nothing-more'],
  async probe(scene) {
    const people = (await longList(scene, MANY)).map(one => one.client)
    const { says, wasHeardOnce } = talk({ within: LONG_ROUND })
    const words = something({ short: false })
    await says(people[0]!, people, `${words} ${'and so on '.repeat((LONG - words.length) / 10)}`)
    await wasHeardOnce(people)
  },
  diagnoses: [
    forbidden,
    notAllowed,
    {
      when: /Task timed out after ([\d.]+)/,
      means: 'The function was still at it after $1 seconds, and was stopped.',
      where: 'the-function-that-said-it',
    },
    toldAgain,
    {
      when: /JavaScript heap out of memory|signal: aborted|Runtime\.ExitError/,
      means: 'The function ran out of memory, and was ended.',
      where: 'the-function-that-said-it',
    },
    {
      means:
        'Some heard it and some did not, and all are on the list. One answer of DynamoDB holds one megabyte of it at most.',
      where: theRound,
    },
  ],
}
