import type { Criterion } from '#kit'
import { introduced } from '../../newsroom/frames.ts'
import { tellsHistory, toldOtherwise } from '../../newsroom/history.ts'
import { notDelivered, whereItRemembers } from '../../newsroom/meanings.ts'
import { publishWithPoison } from '../poison.ts'

/** The history keeps every message that was published beside what nobody can read. */
export const theHistoryGoesOn: Criterion = {
  id: 'the-history-goes-on',
  says: 'The history remembers every message, also those that came with one that nobody can read',
  hint: 'docs/at-least-once.md#one-bad-message',
  after: ['history-is-told', 'poison-is-put-aside'],
  async probe(scene) {
    const room = scene.nonce()
    const ana = await introduced(scene, 'ana')
    const { good } = await publishWithPoison(scene, room)
    await tellsHistory(scene, ana, { room, wanted: good })
  },
  diagnoses: [
    {
      when: /is told \d+ messages instead of \d+/,
      means:
        'The function that remembers failed at a message that it could not read, and what was behind it in the same batch is not remembered. Its queue needs what the other queue has.',
      where: whereItRemembers,
    },
    ...toldOtherwise,
    ...notDelivered,
  ],
}
