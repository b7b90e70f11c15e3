import { type Criterion, Unmet } from '#kit'
import { MANY } from '../long-list.ts'
import { memoryGrowth } from '../memory.ts'
import { theRound } from '../room.ts'

/**
 * By how much the memory of a function may grow over the long list, in megabytes. Measured with 600 rows, 30,000 characters and a busy
 * machine: twenty posts at a time 45 to 55, fifty 48, a hundred 60, all of them 93. Longer messages tell less: what has been sent is
 * not given back at once, and then twenty at a time need as much as all.
 */
const MOST_GROWTH = 74

/** How many posts are under way nobody can see from outside; what they need to be under way is in Lambda's reports. */
export const fewAtATime: Criterion = {
  id: 'few-at-a-time',
  says: 'However long the list is, only a few clients are told at a time',
  hint: 'docs/stale-connections.md#few-at-a-time',
  after: ['the-list-is-read-to-its-end'],
  async probe(scene) {
    scene.did(
      `the check read in the log how much memory the functions needed for the ${MANY} rows, and before`,
    )
    const growth = await memoryGrowth(scene)
    if (growth <= MOST_GROWTH) return
    throw new Unmet({
      expected: `the memory of a function to grow by ${MOST_GROWTH} MB at most`,
      observed: `it grew by ${growth} MB`,
    })
  },
  diagnoses: [
    {
      means:
        'A post that waits for its turn is already in memory, with its message. The longer the list, the more the function needs, until it has none left.',
      where: theRound,
    },
  ],
}
