import { type Criterion, type Scene, Unmet } from '#kit'
import { linesWith } from '../../function-logs.ts'
import { rows } from '../../rows.ts'
import { something, talk } from '../../talk.ts'
import { takeAway, withId, write } from '../ghosts.ts'
import { areListed, type Guest, guest, listed, place } from '../list.ts'
import { inItsOwnWords, LONG_ROUND, theRound, toldAgain } from '../room.ts'
import { type SlowReader, slowReader } from '../slow-reader.ts'

/** What API Gateway answers with 400: it is too short for a connection id (facts: E6). */
const NO_ID = 'nobody='

/** One reads nothing, and is answered for with 429; one row has what is no connection id, which is answered with 400. */
export const otherFailuresAreNoGoodbye: Criterion = {
  id: 'other-failures-are-no-goodbye',
  says: 'A failure that is not 410 is logged, takes nobody off the list, and the others still hear',
  hint: 'docs/stale-connections.md#failures-other-than-410',
  after: ['the-gone-are-forgotten'],
  async probe(scene) {
    const slow = await slowReader(scene, 'dan')
    const people = await othersAround(scene, slow.id)
    const others = people.map(one => one.client)
    const known = new Set(await failureLines(scene))
    const { says, wasAllThatCame } = talk({ within: LONG_ROUND })

    await says(others[0]!, others)
    await scene.eventually(
      'the failure to tell dan in the log, by its name',
      async () => {
        await isKept(scene, slow)
        return (await failureLines(scene)).find(line => !known.has(line))
      },
      { within: LONG_ROUND },
    )
    await isKept(scene, slow)

    const misfit = withId(people[0]!, NO_ID)
    await write(scene, [misfit])
    scene.did(`the check left a row with the connection id ${NO_ID}`)
    await says(others.at(-1)!, others)
    await wasAllThatCame(others)
    await isKept(scene, slow)
    await areListed(scene, people)
    if ((await listed(scene, [NO_ID])).length === 0) {
      throw new Unmet({
        expected: 'the row that was answered with 400 to stay in the table',
        observed: 'that row is gone',
      })
    }
    await takeAway(scene, [misfit])

    await slow.readsOn()
    const words = something()
    await says(others[0]!, others, words)
    await slow.hears(words)
    await wasAllThatCame(others)
  },
  diagnoses: [
    {
      when: /the row of dan is gone/,
      means:
        'dan is slow, not gone: their connection is open. Any failure was taken for a goodbye, and now dan will hear nothing ever again.',
      where: theRound,
    },
    {
      when: /^that row is gone/,
      means:
        'Only 410 says that a connection is over. Here a row was deleted after another failure than 410 and 429: had it been a failure of the network, it would have been the row of somebody who is there.',
      where: theRound,
    },
    {
      when: /^the row of (.+) is gone/,
      means: 'Somebody else could not be told, and $1 was taken off the list for it.',
      where: theRound,
    },
    {
      when: /their connection was closed|connection was closed with|it was closed with/,
      means:
        'dan is slow, not gone. Something in the stack closed a connection because somebody could not be told.',
      where: theRound,
    },
    {
      when: /"message": ?"Internal server error"/,
      means:
        'That dan could not be told ended the whole round, or was held against the one who spoke. What was said can still be passed on to everybody else.',
      where: 'the-function-that-said-it',
    },
    toldAgain,
    inItsOwnWords,
    {
      when: /^nothing of the kind/,
      means:
        'Posting to dan was refused with LimitExceededException, and nobody will ever know: the failure was caught and dropped.',
      hint: 'docs/stale-connections.md#failures-other-than-410',
      where: theRound,
    },
    {
      means: 'One of them could not be told, and so others were not told either.',
      where: theRound,
    },
  ],
}

/** Enough people that one of them comes after somebody on the list: a round that fails keeps only those from hearing. */
async function othersAround(scene: Scene, id: string): Promise<Guest[]> {
  const others = [await guest(scene, 'ana')]
  for (let isBehind = false; !isBehind && others.length < 20; ) {
    others.push(await guest(scene, `guest ${others.length}`))
    const list = await rows(scene)
    isBehind = others.some(one => place(list, one.id) > place(list, id))
  }
  return others
}

async function isKept(scene: Scene, { id }: SlowReader): Promise<void> {
  if ((await listed(scene, [id])).length > 0) return
  throw new Unmet({
    expected: 'the row of dan, who is still there, to stay in the table',
    observed: 'the row of dan is gone',
  })
}

/** The log lines by which a failure to post to somebody slow can be seen. */
const failureLines = async (scene: Scene): Promise<string[]> =>
  (await linesWith(scene, '')).filter(line => /\bERROR\b|\bWARN\b|LimitExceeded|buffer is full/.test(line))
