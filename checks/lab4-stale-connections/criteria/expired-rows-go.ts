import { type Criterion, type Scene, Unmet } from '#kit'
import { paced } from '../../pace.ts'
import { talk } from '../../talk.ts'
import { expiresAfter, timeToLive } from '../expiry.ts'
import { leaveGhosts } from '../ghosts.ts'
import { areForgotten, areListed, type Guest, guest, guests, listed } from '../list.ts'
import { theRound, theTable } from '../room.ts'

const MINUTE = 60_000
/** How often somebody has to say something for the connection to stay open, with a minute to spare (facts: A35). */
const EVERY = 9 * MINUTE
/** How long clients stay, with some minutes to spare before API Gateway ends the connection (facts: A36). */
const STAYS = 108 * MINUTE

/** Rows are there a minute before their time, and are gone a minute after it. */
export const expiredRowsGo: Criterion = {
  id: 'expired-rows-go',
  says: 'A row that nobody deletes goes when it expires, and not before',
  hint: 'docs/stale-connections.md#rows-that-expire',
  after: ['rows-expire'],
  needs: ['clock'],
  async probe(scene) {
    await theyStay(scene)
    const ana = await guest(scene, 'ana')
    const seconds = await expiresAfter(scene, ana, await timeToLive(scene))
    const ghosts = await leaveGhosts(scene, ana, 3)
    scene.did('the check left 3 rows of nobody')

    scene.advanceClock(seconds * 1_000 - MINUTE)
    await areForgotten(scene, [ana.id], 'the row of ana, whose connection has ended by now, to be gone')
    if ((await listed(scene, ghosts)).length < ghosts.length) {
      throw new Unmet({ expected: 'rows to stay until their time has come', observed: 'they are gone' })
    }
    scene.advanceClock(2 * MINUTE)
    await areForgotten(scene, ghosts, 'rows whose time has come to be gone from the table')
  },
  diagnoses: [
    {
      when: /"text":|^silence|^the row of .+ is gone$/,
      means:
        'Clients that had been there for a while, and had said something now and then, no longer heard. A connection may live for two hours. Its age does not tell that it has ended: only a post answered with 410 does.',
      hint: 'docs/stale-connections.md#the-first-410',
      where: theRound,
    },
    {
      when: /^they are gone/,
      means:
        'Something other than time to live deletes rows by their age, and does so while their connections may still be open.',
      where: { resource: 'AWS::Lambda::Function' },
    },
    {
      means: 'Rows of connections that can no longer be open are still in the table.',
      where: theTable,
    },
  ],
}

/** Two who speak every few minutes hear each other for as long as a connection lives, and stay on the list. */
async function theyStay(scene: Scene): Promise<void> {
  const [eve, fay] = (await guests(scene, 'eve', 'fay')) as [Guest, Guest]
  const { says, wasHeardOnce } = talk()
  for (let passed = 0; passed < STAYS; passed += EVERY) {
    scene.advanceClock(EVERY)
    for (const speaker of [eve, fay]) await paced(says(speaker.client, [eve.client, fay.client]))
    // What is still under way would be nine minutes late.
    await wasHeardOnce([eve.client, fay.client])
  }
  await areListed(scene, [eve, fay])
  await Promise.all([eve.client.leave(), fay.client.leave()])
}
