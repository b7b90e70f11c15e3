import type { Criterion } from '#kit'
import { guest } from '../list.ts'
import { isNoted } from '../room.ts'

/** A connection without a message is closed after this, in milliseconds (facts: A35). */
const IDLE = 10 * 60_000

/** Time is moved on until API Gateway itself ends a connection. */
export const theIdleAreNoted: Criterion = {
  id: 'the-idle-are-noted',
  says: 'Ten minutes of silence end a connection with 1001, and the log notes that, too',
  hint: 'docs/stale-connections.md#four-events',
  after: ['comings-and-goings-are-noted'],
  needs: ['clock'],
  async probe(scene) {
    const ana = await guest(scene, 'ana')
    scene.advanceClock(IDLE + 1_000)
    await ana.client.isClosed({ code: 1001 })
    await isNoted(scene, ana, ['$disconnect', '1001', 'Going away'])
  },
  diagnoses: [
    {
      when: /^nothing of the kind/,
      means:
        'API Gateway ended the connection, and the function for $disconnect was told so. No line of the log says it. The reason, Going away, tells this end from a tab that was closed.',
      where: { resource: 'AWS::Lambda::Function', named: /disconnect/i },
    },
  ],
}
