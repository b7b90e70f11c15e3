import type { Criterion } from '#kit'
import { refused } from '../../handshake.ts'
import { forbidden, throttled } from '../../meanings.ts'
import { guests } from '../list.ts'

/** Clients connect, one after the other, and each has a row of its own, with its connection id. */
export const doorOpens: Criterion = {
  id: 'door-opens',
  says: 'A client can connect, and is put on the list',
  hint: 'docs/handshake.md',
  probe: async scene => void (await guests(scene, 'ana', 'ben')),
  diagnoses: [
    forbidden,
    throttled,
    ...refused,
    {
      when: /^nothing of the kind/,
      means:
        'The client was let in, and no row appeared with its connection id. The function that takes $connect ended well without writing one, or did not wait until it was written.',
      where: { resource: 'AWS::Lambda::Function', named: /(?<!dis)connect/i },
    },
  ],
}
