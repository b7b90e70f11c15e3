import { type Criterion, Unmet } from '#kit'
import { expiresAfter, timeToLive } from '../expiry.ts'
import { leaveGhosts } from '../ghosts.ts'
import { areForgotten, guest, listed } from '../list.ts'
import { theTable } from '../room.ts'

/** Rows are there a minute before their time, and are gone a minute after it. */
export const expiredRowsGo: Criterion = {
  id: 'expired-rows-go',
  says: 'A row that nobody deletes goes when it expires, and not before',
  hint: 'docs/stale-connections.md#rows-that-expire',
  after: ['rows-expire'],
  needs: ['clock'],
  async probe(scene) {
    const ana = await guest(scene, 'ana')
    const seconds = await expiresAfter(scene, ana, await timeToLive(scene))
    const ghosts = await leaveGhosts(scene, ana, 3)
    scene.did('the check left 3 rows of nobody')

    scene.advanceClock((seconds - 60) * 1_000)
    await areForgotten(scene, [ana.id], 'the row of ana, whose connection has ended by now, to be gone')
    if ((await listed(scene, ghosts)).length < ghosts.length) {
      throw new Unmet({ expected: 'rows to stay until their time has come', observed: 'they are gone' })
    }
    scene.advanceClock(2 * 60_000)
    await areForgotten(scene, ghosts, 'rows whose time has come to be gone from the table')
  },
  diagnoses: [
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
