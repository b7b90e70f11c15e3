import type { Criterion } from '#kit'
import { refused } from '../../handshake.ts'
import { notYetThere } from '../meanings.ts'

/** Clients come in, however the shop says welcome. */
export const doorOpens: Criterion = {
  id: 'door-opens',
  says: 'A client can connect',
  hint: 'docs/handshake.md',
  async probe({ connect }) {
    await connect('ana')
    await Promise.all(['ben', 'cyd'].map(name => connect(name)))
  },
  diagnoses: [notYetThere, ...refused],
}
