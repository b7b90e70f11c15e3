import type { Criterion } from '#kit'
import { refused } from '../../handshake.ts'

export const doorOpens: Criterion = {
  id: 'door-opens',
  says: 'A client can connect',
  hint: 'docs/handshake.md',
  async probe({ connect }) {
    await connect('ana')
  },
  diagnoses: refused,
}
