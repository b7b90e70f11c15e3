import type { Criterion } from '#kit'
import { refused } from '../../handshake.ts'
import { forbidden, throttled } from '../../meanings.ts'
import { rows } from '../../rows.ts'
import { newRows } from '../guests.ts'

/** Clients connect, one after the other, and each has a row of its own. */
export const doorOpens: Criterion = {
  id: 'door-opens',
  says: 'A client can connect, and is put on the list',
  hint: 'docs/handshake.md',
  async probe(scene) {
    const before = await rows(scene)
    await scene.connect('ana')
    await newRows(scene, before, 1, 'ana')
    await scene.connect('ben')
    await newRows(scene, before, 2, 'ana and ben')
  },
  diagnoses: [
    forbidden,
    throttled,
    ...refused,
    {
      when: /^nothing of the kind/,
      means:
        'The client was let in, and no row appeared. The function behind $connect ended well without writing one, or did not wait until it was written.',
    },
  ],
}
