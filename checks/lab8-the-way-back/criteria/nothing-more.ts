import type { Criterion } from '#kit'
import { staysWithin } from '../../budget/overreach.ts'
import { connections, rows, whatEveryFunctionMay } from '../../budget/purposes.ts'
import { noRolePostsToBoth } from '../apart.ts'

/** What the roles may do, all together; and that none of them reaches clients of both stages. */
export const nothingMore: Criterion = {
  id: 'nothing-more',
  says: 'And nothing more: no function may do more than it needs, nor reach the clients of both stages',
  hint: 'docs/permissions.md#and-nothing-more',
  early: true,
  async probe(scene) {
    await staysWithin(scene, [rows(scene), connections(scene), whatEveryFunctionMay(scene)].flat())
    await noRolePostsToBoth(scene)
  },
  diagnoses: [
    {
      when: /is allowed to post to/,
      means:
        'One role reaches the clients of both stages. What goes wrong while something is tried out in dev can then be heard in prod.',
      hint: 'docs/the-way-back.md#an-api-and-a-stage',
    },
  ],
}
